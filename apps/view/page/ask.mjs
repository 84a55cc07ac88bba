const token = new URLSearchParams(location.search).get("token");

/** Puts a question to the server. @throws Error with what the server says. */
export async function ask(name, params) {
  const response = await fetch(`/api/${name}?${params}`, {
    headers: { authorization: `token ${token}` },
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Says in words why a question was not answered. */
export function describeFault({ message }) {
  return message === "Failed to fetch"
    ? "The program does not answer; is `empathy view` still running?"
    : message;
}
