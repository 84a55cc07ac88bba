import type { Head } from "../models/recipes";
import type { ScorerCard } from "../scorer";

/** What each head of the embedded classifier is; the measured figures stand in data/weights/model-card.md. */
export const CARDS: Readonly<Record<Head, ScorerCard>> = {
  epitome: {
    name: "Embedded classifier, head that imitates EPITOME's labels",
    trainedOn:
      "nine tenths of the 3,084 pairs of EPITOME's Reddit part (Sharma et al. 2020): human levels and rationales",
    tested:
      "5-fold cross-validation within those nine tenths, three seeds; and once on the other tenth",
    fails:
      "level 1 of interpretation is almost never found (114 examples); short chat turns are scored too low for emotional reaction: use the readings head there; sarcasm, other languages and hostile parodies of comfort are not recognised",
  },
  roberta: {
    name: "Embedded classifier, head that imitates RoBERTa classifiers",
    trainedOn:
      "levels that published RoBERTa EPITOME classifiers gave to human and Zephyr-7B replies on EmpatheticDialogues' test dialogues (EmPO, Sotolar 2024), nine tenths of the dialogues; and EPITOME's Reddit part",
    tested:
      "on dialogues that the model had not seen: all folds of the nine tenths, each language model's replies left out in turn, and once the other tenth",
    fails:
      "it imitates another classifier, not people; level 1 of interpretation and exploration was collapsed in its labels and is almost never given; replies of language models unlike Zephyr-7B, sarcasm and other languages were not tested",
  },
  readings: {
    name: "Embedded classifier, head that imitates readings",
    trainedOn:
      "5,300 readings of replies to EmpatheticDialogues by a large language model (data/readings/card.md), and nine tenths of EPITOME's Reddit part with people's levels",
    tested:
      "against the readings, each by a model that had not seen its dialogue; and once on the other tenth of EPITOME",
    fails:
      "it follows one language model's reading of a guideline, not people: that reader finds interpretation more often than people do, above all in sentences such as 'that must be'; on people's own labels of posts (EPITOME) its interpretation agrees far less than the EPITOME head's; in people's replies it misses interpretation that is shown by an experience of one's own, and 'it sounds like you feel' gets 1 where the guideline says 2; sarcasm and other languages were not tested",
  },
};
