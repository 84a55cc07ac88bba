export { type AskOptions, type AskReport, askAll } from "./ask-all";
export { askWithRetries, DEFAULT_RETRIES } from "./ask-with-retries";
export { readPendingSlots } from "./batch-state";
export { boundHeap } from "./bound-heap";
export { Budget } from "./budget";
export { checkAddress, checkBaseUrl } from "./check-address";
export { type AnswerCheck, checkAnswers } from "./checked-provider";
export { classifyError, shorten } from "./classify-failure";
export { type Clock, systemClock } from "./clock";
export { connect, findKey } from "./connect";
export { createTokenCounter, type TokenCounter } from "./count-tokens";
export { type Counted, type Estimate, type EstimateOptions, estimateRun } from "./estimate-run";
export { Gate } from "./gate";
export { Journal, type JournalOptions } from "./journal";
export { indexJournal, JournalIndex } from "./journal-index";
export { breathe, listRequests, requireOneWay, type Survey, surveyRequests } from "./list-requests";
export { MarkCounter, splitModelText } from "./model-text";
export { Pacer } from "./pacer";
export { costOf, type Price } from "./price";
export {
  findPrompt,
  INSTRUCTION_PLACES,
  type InstructionPlace,
  type PromptTemplate,
} from "./prompt";
export { type Answer, AttemptFailed, type Provider } from "./provider";
export { readJournal, scanJournal } from "./read-journal";
export { readProblem } from "./read-problem";
export type { Conversation, Shown, Utterance } from "./render-prompt";
export {
  instruct,
  type Message,
  renderChat,
  renderCompletion,
  withoutInstruction,
} from "./render-prompt";
export {
  formatRecord,
  parseRecord,
  type ReplyRecord,
  type ReplyStatus,
  SYSTEM_OF_LINE,
  slotOf,
  type Usage,
} from "./reply-record";
export type { Interface, SamplingParameters } from "./request";
export {
  type AnswerSchema,
  type AskPlan,
  buildRequest,
  type ProviderName,
  type ReplyRequest,
  type RequestBody,
  requestKey,
  wayOf,
} from "./request";
export { readRetryAfter } from "./retry-after";
export { createRedactor, type Redact, readEnvironment, secretsOf } from "./secrets";
export { toReplyRecord } from "./to-reply-record";
