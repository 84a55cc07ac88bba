// What notebooks import as "empathy-notebooks".
export type { CorpusRow } from "./corpus/corpus-table";
export { readCorpusTable } from "./corpus/corpus-table";
export type { Dialogue, Role, Split, Utterance } from "./corpus/dialogue";
export type { Emotion, Sentiment } from "./corpus/emotions";
export { EMOTIONS, SENTIMENTS, sentimentOf } from "./corpus/emotions";
export type { BrokenRow, ReadOptions } from "./corpus/read-dialogues";
export { readAllDialogues, readDialogues } from "./corpus/read-dialogues";
export type { Stimulus } from "./corpus/stimulus";
export { listenerTurns, stimulusAt } from "./corpus/stimulus";
export type { EmotionCount } from "./figures/emotion-counts";
export { emotionCountsFigure } from "./figures/emotion-counts";
export type { TableOptions } from "./notebook/html-table";
export { showFigure, showTable } from "./notebook/show";
export { projectPath } from "./project";
export { UserError } from "./user-error";
