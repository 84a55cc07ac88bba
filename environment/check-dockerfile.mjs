// Executes the steps of the Dockerfile without a container engine, as root on Debian: RUN and COPY in a clean
// folder made by debootstrap, in place of the base image, with the Node that runs this file. Ends by running a
// notebook in it. Usage: node environment/check-dockerfile.mjs EMPTY-FOLDER
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { DockerfileParser } = createRequire(join(root, "package.json"))("dockerfile-ast");
const image = process.argv[2];
const state = { folder: "/", user: "root", env: [] };

makeBase();
for (const step of DockerfileParser.parse(
  readFileSync(join(root, "Dockerfile"), "utf8"),
).getInstructions()) {
  perform(step.getKeyword(), step.getArgumentsContent() ?? "");
}
inside("cp -r notebooks/01-corpus.ipynb notebooks/copy.ipynb");
inside(
  "node environment/empathy.mjs run notebooks/copy.ipynb && cmp notebooks/01-corpus.ipynb notebooks/copy.ipynb",
);
inside(
  "timeout -s INT 8 node environment/lab.mjs --no-browser --port=8899 2>&1 | grep -m 1 http://",
);
console.log("every step ran; notebook 1 ran in it, with the outputs that are committed");

// The base image is Debian with Node below /usr/local and a user of that name.
function makeBase() {
  if (!existsSync(join(image, "bin"))) {
    run("debootstrap", "--variant=minbase", "bookworm", image);
  }
  const globals = spawnSync("npm", ["root", "--global"], { encoding: "utf8" }).stdout.trim();
  const npm = join(globals, "npm");
  mkdirSync(join(image, "usr/local/lib/node_modules"), { recursive: true });
  cpSync(process.execPath, join(image, "usr/local/bin/node"));
  cpSync(npm, join(image, "usr/local/lib/node_modules/npm"), {
    recursive: true,
    dereference: true,
  });
  cpSync("/etc/resolv.conf", join(image, "etc/resolv.conf"), { dereference: true });
  // A network with a certificate of its own, where the caller names one.
  const certificate = process.env.NODE_EXTRA_CA_CERTS;
  if (certificate) {
    cpSync(certificate, join(image, "usr/local/share/extra.pem"), { dereference: true });
    state.env.push("NODE_EXTRA_CA_CERTS=/usr/local/share/extra.pem");
  }
  inside(
    "id node 2>&- || useradd --create-home --uid 1000 node; " +
      "ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm",
  );
  run("mount", "--bind", "/proc", join(image, "proc"));
  process.on("exit", () => spawnSync("umount", [join(image, "proc")]));
}

function perform(keyword, content) {
  console.log(`== ${keyword} ${content.replace(/\s+/g, " ").slice(0, 90)}`);
  const acts = {
    RUN: () => inside(content.replace(/\\\n/g, " ")),
    WORKDIR: () => {
      state.folder = content;
      mkdirSync(join(image, content), { recursive: true });
    },
    USER: () => {
      state.user = content;
    },
    ENV: () => state.env.push(content),
    COPY: copyClone,
  };
  acts[keyword]?.();
}

// What git knows is what a fresh clone has; .dockerignore leaves out the rest.
function copyClone() {
  const target = join(image, state.folder);
  run("sh", "-c", `git -C '${root}' archive HEAD | tar -x -C '${target}'`);
  run("chown", "-R", "1000:1000", target);
}

function inside(command) {
  const { folder, user, env } = state;
  const set = [
    ...env,
    "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    "DEBIAN_FRONTEND=noninteractive",
  ];
  const login = user === "root" ? [] : [`--userspec=${user}:${user}`];
  run(
    "chroot",
    ...login,
    image,
    "env",
    "-i",
    ...set,
    "HOME=/tmp",
    "sh",
    "-c",
    `cd '${folder}' && ${command}`,
  );
}

function run(program, ...args) {
  const { status } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  console.error(`failed: ${program} ${args.join(" ")}`);
  process.exit(1);
}
