// Word lists behind the skeletons and the counted features. Written for this package.
import { chainHash, hashText } from "./hash-text";

const FUNCTION_WORDS = `i i'm i've i'd i'll me my mine myself you you're you've you'd you'll your yours yourself
he she it it's they them their this that that's these those we we're our us who what what's which where when
why how is are am was were be been being do does did don't doesn't didn't have has had haven't can can't could
couldn't will would won't wouldn't should shouldn't may might must not no yes if but and or so because then than
too also just really very much more most some any all every even still yet ever never always a an the to of in on
at for with about from by as into out up down there here like get got feel feels feeling felt know think hope
sorry glad thank thanks please hi hey hello ok okay well maybe if same one people someone anyone something anything
things way time lot want need help good better great bad hard`;

/** Categories of phrases; each is a counted feature. */
const PHRASES: Readonly<Record<string, string>> = {
  sorry: "sorry; so sorry; my condolences; condolences; sympathies; apologies",
  hope: "i hope; hope you; hoping; i wish you; best of luck; good luck; praying; prayers; fingers crossed",
  warm: "hugs; hug; love you; i love; i care; sending; proud of you; i'm proud; you matter; xoxo; <3; my heart; heart goes",
  glad: "glad; happy for you; happy to hear; congrats; congratulations; so happy; great to hear; good to hear; yay; awesome; wonderful; amazing; that's great; so excited",
  dismay:
    "awful; terrible; horrible; sad; sucks; that sucks; heartbreaking; tragic; scary; sounds rough; rough; tough; heavy; painful; ouch; oh no; omg; wow; aww; aw; damn; oh; poor; shame; unfortunate; frustrating",
  comfort:
    "stay strong; hang in there; you got this; you can do; you're not alone; not alone; it gets better; will get better; get better; keep going; be ok; be okay; be alright; take care; be safe; worth it; don't give up; it'll be; you'll be; you will be",
  offer:
    "here for you; i'm here; pm me; message me; dm me; inbox me; talk to me; feel free; if you need; if you want; willing to listen; happy to talk; i'll listen; my inbox; want to talk; wanna talk; need to talk; like to talk",
  understand:
    "i understand; i get it; i get that; i know how; i know what; i know the; i can imagine; i can relate; i relate; can relate; totally get; understandable; makes sense; i see; i can see; know the feeling; relatable; i hear you; must be; must have been; must feel; sounds like; it sounds; you feel; you're feeling; seems like; i bet; i imagine",
  same: "me too; same here; same; i've been there; been there; i feel the same; feel the same; the same way; in the same; same boat; same thing; i also; i too; i'm also; myself; i've had; i've been; i had; i was; i used; i have; i am; i'm in; i feel; i felt; i just; i went; i do; i did; my own; my life; i can't; i don't; i always; i never; for me; happened to me; similar; ditto; i still; i get; i've felt; i know; so do; so am; as well",
  self: "i; i'm; i've; i'd; i'll; me; my; mine; myself",
  you: "you; you're; you've; you'd; you'll; your; yours; yourself",
  we: "we; we're; us; our; we've; we'll",
  others:
    "he; she; they; them; him; her; his; their; people; everyone; someone; friend; friends; mom; mother; dad; father; wife; husband; boyfriend; girlfriend; family",
  advice:
    "you should; you could; you need; try to; try; have you tried; make sure; you have to; recommend; suggest; my advice; advice; consider; find a; go to; don't let; remember; just; start; get a; see a; talk to a; therapist; doctor; you can; should",
  ask: "what; why; how; when; where; who; which; what's; do you; did you; are you; have you; is it; is there; can you; could you; would you; will you; was it; were you; how are; how is; what is; what are; what do; what did; how do; how did; how long; want to talk; any",
  past: "was; were; had; did; went; got; felt; used; been; came; took; said; told; made; lost; started; happened; ago; years; months; year; last; when i; after; until; since",
  feeling:
    "feel; feeling; feelings; felt; feels; anxious; depressed; depression; lonely; alone; scared; afraid; hurt; pain; suffering; hate; tired; angry; stress; anxiety; suicidal; crying; cry",
  negation:
    "not; no; never; don't; can't; didn't; isn't; won't; nothing; nobody; doesn't; wouldn't",
  thanks: "thank; thanks; thank you; appreciate; welcome; grateful",
  abuse: "fuck; shit; stupid; idiot; bullshit; loser; fucking; bitch; dumb; lol; lmao; haha",
};

/** Names of the phrase categories, in the order of their counts. */
export const CATEGORIES: readonly string[] = Object.keys(PHRASES);

/** Longest phrase, in words. */
export const LONGEST_PHRASE = 4;

/** Every word of these lists, in lower case. */
export const LEXICON: ReadonlySet<string> = new Set(
  [FUNCTION_WORDS, ...Object.values(PHRASES)].flatMap((list) => list.split(/[;\s]+/)),
);

/** Hashes of the function words, which keep their form in a skeleton. */
export const functionWords: ReadonlySet<number> = new Set(
  FUNCTION_WORDS.split(/\s+/).map((word) => hashText(word) | 0),
);

/** From the hash of a phrase's words to its categories. */
export const phraseCategories: ReadonlyMap<number, readonly number[]> = indexPhrases();

/** Hash of a sequence of words, as the n-grams are hashed. */
function hashPhrase(phrase: string): number {
  return phrase
    .split(" ")
    .map((word) => hashText(word) | 0)
    .reduce((sequence, word) => chainHash(sequence, word), 0);
}

function indexPhrases(): Map<number, number[]> {
  const index = new Map<number, number[]>();
  for (const [category, name] of CATEGORIES.entries()) {
    for (const phrase of (PHRASES[name] as string).split("; ")) {
      const hash = hashPhrase(phrase);
      const known = index.get(hash);
      if (known) known.push(category);
      else index.set(hash, [category]);
    }
  }
  return index;
}
