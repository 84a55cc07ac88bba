// Exercise: headline
const headline: string | undefined = "counselling";
// Exercise: replies
const yours: string[] = [
  "What time does he stop?",
  "What did the office tell you?",
  "What did you do afterwards?",
  "What do you buy there?",
  "Who gave him permission?",
];
// Exercise: number
const tested: number | undefined = 4;
