import { UserError } from "kit";

/** An option of the form `name=value,value`. */
export interface Setting {
  readonly name: string;
  readonly values: readonly string[];
}

/** Such a setting of numbers. */
export interface NumberSetting {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * Reads options such as `--groups subject=20,40`, each name once; the last equals sign parts name and values.
 *
 * @throws UserError naming the option and what it should look like.
 */
export function readSettings(option: string, given: readonly string[] = []): Setting[] {
  const settings = given.map((text) => {
    const at = text.lastIndexOf("=");
    const name = text.slice(0, Math.max(0, at)).trim();
    const values = text
      .slice(at + 1)
      .split(",")
      .map((value) => value.trim());
    if (name !== "" && values.every((value) => value !== "")) return { name, values };
    throw new UserError(`${option} '${text}': write a name and its values, such as subject=20,40`);
  });
  const twice = settings.find(
    ({ name }, at) => settings.findIndex((one) => one.name === name) < at,
  );
  if (!twice) return settings;
  throw new UserError(`${option} is given twice for '${twice.name}'; give its values with commas`);
}

/**
 * Reads such options where the values are numbers.
 *
 * @throws UserError likewise.
 */
export function readNumbers(option: string, given: readonly string[] = []): NumberSetting[] {
  return readSettings(option, given).map(({ name, values }) => ({
    name,
    values: values.map((value) => {
      const number = Number(value.replace("−", "-"));
      if (Number.isFinite(number)) return number;
      throw new UserError(`${option} ${name}: '${value}' is no number`);
    }),
  }));
}

/**
 * Reads such options where the values are sizes.
 *
 * @throws UserError likewise.
 */
export function readSizes(
  option: string,
  given: readonly string[] | undefined,
  least: number,
): NumberSetting[] {
  const settings = readNumbers(option, given);
  for (const { name, values } of settings) {
    const odd = values.find((value) => !Number.isInteger(value) || value < least);
    if (odd === undefined) continue;
    throw new UserError(`${option} ${name}: ${odd} is no size; give whole numbers from ${least}`);
  }
  return settings;
}

/**
 * Takes settings that have one value each.
 *
 * @throws UserError for one that has several.
 */
export function toRecord(
  option: string,
  settings: readonly NumberSetting[],
): Record<string, number> {
  return Object.fromEntries(
    settings.map(({ name, values }) => {
      const [value, ...others] = values;
      if (value !== undefined && others.length === 0) return [name, value];
      throw new UserError(`${option} ${name} has several values; give one`);
    }),
  );
}
