// Exercise: headline
const headline: unknown = "counselling";
// Exercise: replies
const yours: unknown = [
  "What time does he stop?",
  "What did the office tell you?",
  "What did you do afterwards?",
  "What do you buy there?",
  "Who gave him permission?",
];
// Exercise: number
const tested: unknown = 4;
