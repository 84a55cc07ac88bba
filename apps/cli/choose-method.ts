import { checkAddress, checkBaseUrl } from "ask-models";
import type { Metric } from "empathy-scorer";
import { UserError } from "kit";
import { findTarget } from "../../src/asking/find-target";
import { endpointMethod, hostedMethod } from "../scoring/classifier-method";
import { judgeMethod } from "../scoring/judge";
import { readJudgePrompt, readJudgePrompts } from "../scoring/judge-prompt";
import type { RemoteMethod } from "../scoring/remote-method";
import { tunedMethod } from "../scoring/tuned-method";
import { readTunedModels } from "../train/tuning-state";
import type { RemoteFlags } from "./score-options";

/**
 * Finds out how a remote scorer is asked, from what the user says.
 *
 * @throws UserError if that is not enough or does not fit together.
 */
export async function chooseMethod(flags: RemoteFlags): Promise<RemoteMethod> {
  const { baseUrl, keyFrom: keyVariable } = flags;
  if (baseUrl !== undefined) checkBaseUrl(baseUrl);
  switch (flags.scorer) {
    case "judge":
      return chooseJudge(flags);
    case "openai": {
      const models = flags.models ? readModels(flags.models) : readTunedModels();
      return tunedMethod(readJudgePrompt(), { models, baseUrl, keyVariable });
    }
    case "hosted":
      if (!flags.models)
        throw new UserError(
          "--scorer hosted needs --models ER,IP,EX: three models of Hugging Face",
        );
      return hostedMethod({ models: readModels(flags.models), baseUrl, keyVariable });
    case "endpoint": {
      const { endpoint } = flags;
      const example = "http://127.0.0.1:8000/score";
      if (endpoint === undefined)
        throw new UserError(`--scorer endpoint needs --endpoint, an address such as ${example}`);
      checkAddress("--endpoint", endpoint, example);
      return endpointMethod(endpoint, keyVariable);
    }
    default:
      throw new Error(`${flags.scorer} asks nobody`);
  }
}

async function chooseJudge(flags: RemoteFlags): Promise<RemoteMethod> {
  const { judge, model, baseUrl, provider, keyFrom, temperature, maxTokens, modelSeed } = flags;
  if (!judge) {
    throw new UserError(
      "--scorer judge needs --judge: a system of data/systems.json, or a name for --base-url and --model",
    );
  }
  refuseAmbiguous(judge);
  const parameters = { temperature, maxTokens, seed: modelSeed, reasoningEffort: flags.reasoning };
  const target = await findTarget({
    as: judge,
    model,
    baseUrl,
    provider,
    keyVariable: keyFrom,
    parameters,
  });
  if (target.plan.provider === "embedded") {
    throw new UserError(`'${judge}' gives known replies and cannot judge; name a language model`);
  }
  // Not every server of one's own knows the parameter; the text is checked in any case.
  const form = flags.answer ?? (target.plan.provider === "openai-compatible" ? "text" : "schema");
  const { samples, instructionIn } = flags;
  const prompt = readJudgePrompt(flags.judgePrompt);
  return judgeMethod(target, instructionIn === undefined ? prompt : { ...prompt, instructionIn }, {
    sendSchema: form === "schema",
    ...(samples === undefined ? {} : { samples }),
  });
}

// A judge's scores are named by system and prompt: `judge-a-b` must not be both a's under the prompt b and a-b's.
function refuseAmbiguous(judge: string): void {
  const prompt = readJudgePrompts().find(({ id }) => judge.endsWith(`-${id}`));
  if (!prompt) return;
  const other = judge.slice(0, -prompt.id.length - 1);
  throw new UserError(
    `--judge ${judge}: its scores would have the same name as those of '${other}' with the judge prompt '${prompt.id}'; choose another name`,
  );
}

function readModels(list: string): Record<Metric, string> {
  const [er, ip, ex, ...others] = list.split(",").map((name) => name.trim());
  if (er && ip && ex && others.length === 0) return { er, ip, ex };
  throw new UserError("--models should name three models, for ER, IP and EX, with commas between");
}
