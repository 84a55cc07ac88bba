// A web server for one page on one machine. It listens on the loopback address only, and answers no page but its own: a
// request whose Host is another name (a site whose name was made to lead here) or whose Origin is another site is refused.
// Texts are given to those only who know the token of the address, as Jupyter has it: other users of the machine do not.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { UserError } from "kit";
import { readPageFile } from "../page-file";
import type { ViewApi } from "./view-api";

/** A server that runs. */
export interface ViewServer {
  /** Where the page is, such as `http://127.0.0.1:40123/?token=3f…`. */
  readonly address: string;
  /** Ends the server and its connections. */
  readonly close: () => Promise<void>;
}

const HOST = "127.0.0.1";

/** What the page is made of, by path. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html"],
  "/view.css": ["view.css", "text/css"],
  "/view.mjs": ["view.mjs", "text/javascript"],
  "/address.mjs": ["address.mjs", "text/javascript"],
  "/ask.mjs": ["ask.mjs", "text/javascript"],
  "/detail.mjs": ["detail.mjs", "text/javascript"],
  "/element.mjs": ["element.mjs", "text/javascript"],
  "/marks.mjs": ["marks.mjs", "text/javascript"],
  "/save-table.mjs": ["save-table.mjs", "text/javascript"],
  "/filters.mjs": ["filters.mjs", "text/javascript"],
  "/reply-list.mjs": ["reply-list.mjs", "text/javascript"],
  "/visible-text.mjs": ["visible-text.mjs", "text/javascript"],
};

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/**
 * Serves the page and its questions' answers on 127.0.0.1. Nothing is logged, and no file is read after the start but by what
 * the questions need.
 *
 * @param port 0 for one that is free.
 * @throws UserError if the port is taken.
 */
export async function serveView(api: ViewApi, port = 0): Promise<ViewServer> {
  const site: Site = { api, token: randomBytes(24).toString("hex"), pages: readPages() };
  const server = createServer(async (request, response) => {
    response.on("error", () => {});
    const { status, type, body } = await answer(site, request, portOf(server)).catch(faultOf);
    response.writeHead(status, { ...HEADERS, "content-type": `${type}; charset=utf-8` });
    response.end(body);
  });
  await listen(server, port);
  return {
    address: `http://${HOST}:${portOf(server)}/?token=${site.token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // Once it listens, an error concerns a connection that could not be made, and nobody waits.
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        new UserError(`port ${port} cannot be used (${error.code}); name another with --port`),
      );
    });
    server.listen(port, HOST, resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

/** What is answered from. */
interface Site {
  readonly api: ViewApi;
  readonly token: string;
  readonly pages: ReadonlyMap<string, Answer>;
}

// Once: later there may be no file that can be opened.
function readPages(): Map<string, Answer> {
  return new Map(
    Object.entries(FILES).map(([path, [file, type]]) => [
      path,
      { status: 200, type, body: readPageFile("view", file) },
    ]),
  );
}

async function answer(
  { api, token, pages }: Site,
  request: IncomingMessage,
  port: number,
): Promise<Answer> {
  const url = parseTarget(request.url ?? "/");
  if (!url) return asJson(400, { error: "the address is not one" });
  const refusal = findRefusal(request, url.pathname, port);
  if (refusal) return refusal;
  const name = /^\/api\/([a-z]+)$/.exec(url.pathname)?.[1];
  if (name === undefined) {
    return (
      pages.get(url.pathname) ?? asJson(404, { error: `there is no ${url.pathname.slice(0, 80)}` })
    );
  }
  if (isToken(request.headers.authorization, token)) return ask(api, name, url.searchParams);
  return asJson(403, {
    error: "texts are shown at the whole address only that the terminal printed, with its token",
  });
}

function isToken(given: string | undefined, token: string): boolean {
  const [expected, found] = [Buffer.from(`token ${token}`), Buffer.from(given ?? "")];
  return expected.length === found.length && timingSafeEqual(expected, found);
}

function findRefusal(
  { headers, method }: IncomingMessage,
  path: string,
  port: number,
): Answer | undefined {
  const hosts = [`${HOST}:${port}`, `localhost:${port}`];
  const { host = "", origin } = headers;
  if (!hosts.includes(host)) return asJson(403, { error: "only its own address is answered" });
  // A link from elsewhere may open the page; nothing else of another site is answered.
  const isLink = path === "/" && headers["sec-fetch-mode"] === "navigate";
  const site = String(headers["sec-fetch-site"] ?? "none");
  const isOwn = origin === undefined || hosts.some((one) => origin === `http://${one}`);
  if (!isOwn || (!isLink && !["none", "same-origin"].includes(site))) {
    return asJson(403, { error: "other sites are not answered" });
  }
  return method === "GET" || method === "HEAD"
    ? undefined
    : asJson(405, { error: "only GET is answered" });
}

function parseTarget(target: string): URL | undefined {
  try {
    return new URL(target, `http://${HOST}`);
  } catch {
    return undefined;
  }
}

async function ask(api: ViewApi, name: string, params: URLSearchParams): Promise<Answer> {
  try {
    const found = await api(name, params);
    if (found !== undefined) return asJson(200, found);
    return asJson(404, { error: "there is no such reply, or no such question" });
  } catch (error) {
    if (error instanceof UserError) {
      return asJson(400, { error: error.message.replace(/\s+/g, " ") });
    }
    return faultOf(error);
  }
}

function faultOf(error: unknown): Answer {
  process.emitWarning(error instanceof Error ? error : String(error));
  return asJson(500, { error: "a fault of the program, which the terminal shows" });
}

function asJson(status: number, body: unknown): Answer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}
