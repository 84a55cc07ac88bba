// What people said of the very replies that are shown. It is shown on this machine, and written nowhere.
import { METRICS } from "empathy-scorer";
import { missingAmong, type Places } from "../../src/sources/locate-source";
import { type Plan, readPlan } from "../annotate/plan-file";
import { readRatings } from "../annotate/read-ratings";
import { readGrades, readSliders } from "../sources/read-ratings";
import type { Collection } from "./collection";

/** What one person, or several, said of a reply. */
export interface PeopleRating {
  /** Who said it, such as `Welivita and Pu 2024`, or a rater's name. */
  readonly by: string;
  /** What was said, in words. */
  readonly said: string;
  /** The same from 0, the least, to 1, the most. */
  readonly value: number;
}

/** A study of one's own: the plan of `empathy annotate`, and what its raters sent. */
export interface RatedStudy {
  readonly plan: string;
  readonly raters: readonly string[];
}

/** Ratings by position of the reply. */
export type RatingsOfReplies = Map<number, PeopleRating[]>;

const GRADE_SOURCES = ["welivita-four-llms", "welivita-gpt-4"];
const SLIDER_SOURCE = "empo-ratings";
const GRADE_NAMES = ["", "bad", "okay", "good"];

/**
 * Joins people's ratings to the replies: of the pinned sources those on this machine, and a study of one's own.
 *
 * @throws UserError if a file is damaged, or a rater's file is not of the plan.
 */
export async function gatherRatings(
  collection: Collection,
  places: Places,
  study?: RatedStudy,
): Promise<RatingsOfReplies> {
  const ratings: RatingsOfReplies = new Map();
  const add = (at: number | undefined, rating: PeopleRating) => {
    if (at === undefined) return;
    const ofReply = ratings.get(at);
    if (ofReply) ofReply.push(rating);
    else ratings.set(at, [rating]);
  };
  if (missingAmong(GRADE_SOURCES, places).length === 0) await addGrades(collection, places, add);
  if (missingAmong([SLIDER_SOURCE], places).length === 0) await addSliders(collection, places, add);
  if (study) await addRaters(collection, study, add);
  return ratings;
}

type Add = (at: number | undefined, rating: PeopleRating) => void;

async function addGrades(collection: Collection, places: Places, add: Add): Promise<void> {
  const { replies, stimuli, systems } = collection;
  const grades = await readGrades(places);
  const graded = new Set(grades.map(({ system }) => system));
  // A grade names the dialogue; which of its turns was answered, the systems tell that answered one turn only.
  const turns = new Map<string, number>();
  const positions = new Map<string, number>();
  for (const [at, { stimulus, system, sample }] of replies.entries()) {
    const { dialogue = "", turn = 0 } = stimuli[stimulus] ?? {};
    const id = systems[system]?.id ?? "";
    if (sample !== 1 || !graded.has(id)) continue;
    positions.set(`${id} ${dialogue} ${turn}`, at);
    if (id !== "human") turns.set(dialogue, turn);
  }
  for (const { system, dialogue, grade } of grades) {
    add(positions.get(`${system} ${dialogue} ${turns.get(dialogue)}`), {
      by: "one reader (Welivita and Pu 2024)",
      said: `${grade} of 3, ${GRADE_NAMES[grade]}`,
      value: (grade - 1) / 2,
    });
  }
}

async function addSliders(collection: Collection, places: Places, add: Add): Promise<void> {
  const { replies, stimuli, systems } = collection;
  const sliders = await readSliders(places);
  const rated = new Set(sliders.map(({ system }) => system));
  const positions = new Map<string, number>();
  for (const [at, { stimulus, system, text }] of replies.entries()) {
    const id = systems[system]?.id ?? "";
    if (!rated.has(id)) continue;
    positions.set(sliderKey(id, stimuli[stimulus]?.context[0] ?? "", text), at);
  }
  for (const { system, opening, text, value } of sliders) {
    add(positions.get(sliderKey(system, opening, text)), {
      by: "one reader (EmPO, Sotolar et al. 2024)",
      said: `addresses the emotional state: ${value} of 100`,
      value: value / 100,
    });
  }
}

function sliderKey(system: string, opening: string, text: string): string {
  const plain = (one: string) =>
    one
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  return `${system}\n${plain(opening)}\n${plain(text)}`;
}

async function addRaters(collection: Collection, study: RatedStudy, add: Add): Promise<void> {
  const plan = readPlan(study.plan);
  const { ratings } = await readRatings(study.raters, plan);
  const positions = positionsOfPlan(collection, plan);
  for (const { rater, reply, levels } of ratings) {
    const given = METRICS.map((metric) => levels[metric]);
    const known = given.flatMap((level) => (level === null ? [] : [level]));
    if (known.length === 0) continue;
    const said = METRICS.map(
      (metric) => `${metric.toUpperCase()} ${levels[metric] ?? "not given"}`,
    );
    const value = known.reduce<number>((sum, level) => sum + level, 0) / (2 * known.length);
    add(positions.get(reply), { by: rater, said: said.join(", "), value });
  }
}

/** Where the plan's replies stand, by their identifiers in the plan. */
function positionsOfPlan({ replies, stimuli, systems }: Collection, plan: Plan) {
  const places = new Map(
    replies.map(({ stimulus, system, sample }, at) => {
      const { dialogue, turn } = stimuli[stimulus] ?? {};
      return [`${systems[system]?.id} ${dialogue} turn ${turn} sample ${sample}`, at];
    }),
  );
  return new Map(
    plan.replies.flatMap(({ id, stratum, place }): [string, number][] => {
      const at = places.get(`${plan.strata[stratum]?.system} ${place}`);
      return at === undefined ? [] : [[id, at]];
    }),
  );
}
