// The sample corpus of this package: its listeners' replies, and what was asked or imported for it on this machine.
import { byMetric, isMissing, loadScorer } from "empathy-scorer";
import type { Dialogue } from "../../src/corpus/dialogue";
import { readSampleDialogues } from "../../src/corpus/read-dialogues";
import { projectPath } from "../../src/project";
import { readSystems } from "../../src/systems/system";
import { humanReplies } from "../replies/human-replies";
import { listRecordedSystems, readRecordedReplies } from "../replies/recorded-replies";
import { requestFor } from "../replies/score-stage";
import { placeOf } from "./plan-places";
import type { Population, PopulationReply, ShownReply } from "./population";

/**
 * Takes the replies to the sample corpus, scored by the embedded classifier: people's, and those of every system with
 * recorded replies to it.
 *
 * @param root where replies are recorded, `data/replies` below it.
 * @throws UserError if a file of recorded replies is broken.
 */
export async function readSamplePopulation(root = projectPath()): Promise<Population> {
  const dialogues = await readSampleDialogues();
  const byId = new Map<string, Dialogue>(dialogues.map((dialogue) => [dialogue.id, dialogue]));
  const all = humanReplies(dialogues);
  for (const system of listRecordedSystems(root)) {
    const { replies } = await readRecordedReplies(root, system, byId);
    for (const reply of replies) all.push(reply);
  }
  const scorer = loadScorer();
  const texts = new Map<string, ShownReply>();
  const families = new Map(readSystems().map(({ id, family }) => [id, family]));
  const replies = all.flatMap((reply): PopulationReply[] => {
    const dialogue = byId.get(reply.dialogue);
    if (!dialogue) return [];
    const request = requestFor(reply, dialogue, "all");
    const outcome = scorer.scoreNow(request);
    if (isMissing(outcome)) return [];
    const { system, turn, sample, text } = reply;
    const place = placeOf({ dialogue: dialogue.id, turn, sample });
    texts.set(`${system} ${place}`, { context: request.context, reply: text });
    const predicted = byMetric((metric) => outcome[metric].level);
    return [{ system, family: families.get(system) ?? system, place, predicted }];
  });
  const show = ({ system, place }: PopulationReply) =>
    texts.get(`${system} ${place}`) ?? { context: [], reply: "" };
  return { scorer: scorer.id, replies, openTexts: async () => show };
}
