// OpenAI's batches, and its client: apart, because the types of OpenAI's package are large.
export { type BatchProgress, type Collected, collectBatches, followBatches } from "./batch-collect";
export { submitBatches } from "./batch-submit";
export { createOpenAi, OPENAI_URL } from "./openai-provider";
