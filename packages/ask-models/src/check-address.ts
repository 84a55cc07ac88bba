import { UserError } from "kit";

const SECRET_NAME = /key|token|secret|passw|auth|signature|^sig$|credential/i;

/**
 * Checks the address of a server, which is shown and recorded, and so may hold no secret.
 *
 * @param option that names it, for the message, which never repeats the address.
 * @throws UserError if it is no HTTP address, or holds a user's name, a password or a key.
 */
export function checkAddress(option: string, address: string, example: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UserError(`${option} should be an address such as ${example}`);
  }
  const names = [...url.searchParams.keys(), ...new URLSearchParams(url.hash.slice(1)).keys()];
  if (url.username || url.password || names.some((name) => SECRET_NAME.test(name))) {
    throw new UserError(
      `${option} should hold no password and no key, since it is recorded; put the key into a variable and name that with --key-from`,
    );
  }
}

/** Cuts off a server's address what every request adds to it, such as `/chat/completions`. */
export function withoutCall(address: string): string {
  return address.replace(/\/(?:chat\/)?completions\/*$/, "");
}

/** Checks what `--base-url` says; see `checkAddress`. */
export function checkBaseUrl(address: string): void {
  checkAddress("--base-url", address, "http://127.0.0.1:8000/v1");
}
