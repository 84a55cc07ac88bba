// A population with made-up texts in which a simulated rater's level can be read off the reply.
import type { Level, Levels } from "empathy-scorer";
import { byMetric } from "empathy-scorer";
import { createGenerator } from "kit";
import { makePlan } from "../../apps/annotate/plan";
import type { Population, PopulationReply } from "../../apps/annotate/population";
import { writeStudy } from "../../apps/annotate/write-study";

/** What a reply may hold that must not run. */
export const HOSTILE = `</script><img src=x onerror="broken=1"><script>broken=1</script>`;

const SYSTEMS = [
  { system: "secret-parrot", family: "zoo" },
  { system: "secret-owl", family: "zoo" },
  { system: "veiled-sage", family: "sages" },
];
const EACH = 40;

/** The levels of a made reply, from its text or its place. */
export function truthOf(text: string): Levels {
  const [, er, ip, ex] = /#(\d)(\d)(\d)/.exec(text) ?? [];
  return { er: toLevel(er), ip: toLevel(ip), ex: toLevel(ex) };
}

function toLevel(text: string | undefined): Level {
  return text === "2" ? 2 : text === "1" ? 1 : 0;
}

/** Makes 120 replies of three systems; the classifier gives the true level in three of four. */
export function makePopulation(): Population {
  const random = createGenerator(7);
  const level = () => toLevel(String(Math.floor(3 * random.uniform())));
  const replies = SYSTEMS.flatMap(({ system, family }) =>
    Array.from({ length: EACH }, (_, at): PopulationReply => {
      const truth = byMetric(level);
      const predicted = byMetric((one) => (random.uniform() < 0.75 ? truth[one] : level()));
      const place = `${at} #${truth.er}${truth.ip}${truth.ex}`;
      return { system, family, place, predicted };
    }),
  );
  const openTexts = async () => (reply: PopulationReply) => ({
    context: ["My kite flew away.", "Oh.", "Far over the sea."],
    reply: `=SUM(1) reply ${reply.place}${replies.indexOf(reply) % 5 === 0 ? HOSTILE : ""}`,
  });
  return { scorer: "made", replies, openTexts };
}

/** Writes a study of the made replies, for two raters. */
export async function writeMadeStudy(folder: string): Promise<void> {
  const population = makePopulation();
  const made = makePlan(population.replies, {
    scorer: "made",
    budget: 40,
    raters: 2,
    overlap: 8,
    seed: 3,
  });
  await writeStudy(folder, made, population);
}
