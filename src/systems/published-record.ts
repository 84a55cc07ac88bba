/** What a published file says of one reply, or of the replies that several systems gave to one context. */
export interface PublishedRecord {
  /** Line of the file where the record starts, from 1; in a JSON file, the number of the record. */
  readonly line: number;
  /** The conversation, where the file names it. */
  readonly dialogue?: string;
  /** The turn that was to be written, where the file names the conversation. */
  readonly turn?: number;
  /** The emotion that the conversation is about, where the file gives it. */
  readonly emotion?: string;
  /** Every utterance before the turn. */
  readonly context?: readonly string[];
  /** The speaker's last utterance, in files that give no more of the context. */
  readonly lastUtterance?: string;
  /** The situation that the speaker described, in files whose systems were shown it. */
  readonly situation?: string;
  /** The last lines of the situation and the utterances after it, in files that cut them to a window. */
  readonly window?: readonly string[];
  /** What the human listener wrote at that turn. */
  readonly reference?: string;
  readonly replies: readonly PublishedReply[];
}

/** One reply of a record. */
export interface PublishedReply {
  /** Which of the file's systems wrote it; empty in a file of one system. */
  readonly column: string;
  /** Number of the sample, from 1, where the file counts them. */
  readonly sample?: number;
  /** The reply as the file has it, without white space at its ends. */
  readonly text: string;
}
