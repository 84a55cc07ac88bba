import { readEnvironment } from "ask-models";
import { projectPath } from "../../src/project";

/** The environment of this process, with what the project's `.env` adds to it. */
export function projectEnvironment(): NodeJS.ProcessEnv {
  return readEnvironment(process.env, projectPath(".env"));
}
