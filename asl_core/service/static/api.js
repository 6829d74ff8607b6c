// The page of the API: reads openapi.json of this server and shows it; nothing comes from elsewhere.

const part = (id) => document.getElementById(id);
const at = new URL(".", location.href).href.replace(/\/$/, "");

const EXAMPLES = {
  "/predict": [
    `curl -F image=@hand.jpg ${at}/predict`,
    `(printf '{"image": "data:image/jpeg;base64,'; base64 -w0 hand.jpg; printf '"}') |`,
    `  curl -H 'Content-Type: application/json' -d @- ${at}/predict`,
  ].join("\n"),
};

function element(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// heads: of the columns; rows: their texts, the first one shown as code.
function table(heads, rows) {
  const made = element("table");
  const head = made.createTHead().insertRow();
  head.append(...heads.map((text) => element("th", text, { scope: "col" })));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((text, n) => line.insertCell().append(n === 0 ? element("code", text) : text));
  }
  const frame = element("div", "", { class: "scroll" });
  frame.append(made);
  return frame;
}

// Follows "#/components/schemas/Name".
function resolved(schema, document_) {
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref.slice(2).split("/").reduce((place, name) => place[name], document_);
}

function typeName(schema, document_) {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map((option) => typeName(option, document_)).join(" or ");
  if (schema.$ref) return "object";
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.prefixItems) return `${schema.prefixItems.length} numbers`;
  if (schema.type === "array") return `list of ${typeName(schema.items ?? {}, document_)}`;
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? "anything");
}

// One row for each field; the fields of an object within follow with its name before theirs.
function fields(schema, document_, before = "") {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = before + name;
    const inner = innerSchema(field, document_);
    const meaning = field.description ?? inner?.description ?? "";
    const mark = field.type === "array" ? "[]." : ".";
    const row = [path, typeName(field, document_), meaning];
    return inner ? [row, ...fields(inner, document_, path + mark)] : [row];
  });
}

function innerSchema(field, document_) {
  const options = [field, field.items ?? {}, ...(field.anyOf ?? [])];
  const reference = options.find((option) => option.$ref);
  return reference ? resolved(reference, document_) : null;
}

function operationCard(path, method, operation, document_) {
  const card = element("section", "", { class: "card" });
  const heading = element("h2");
  heading.append(element("span", method.toUpperCase(), { class: "method" }), element("code", path));
  card.append(heading, element("p", operation.description ?? operation.summary ?? ""));
  if (EXAMPLES[path]) card.append(element("pre", EXAMPLES[path], { tabindex: "0" }));
  for (const [type, content] of Object.entries(operation.requestBody?.content ?? {})) {
    card.append(element("h3", `Request as ${type}`));
    const rows = fields(resolved(content.schema, document_), document_);
    card.append(table(["Field", "Type", "Meaning"], rows));
  }
  const good = operation.responses["200"]?.content?.["application/json"]?.schema;
  if (good) {
    card.append(element("h3", "Answer"));
    const rows = fields(resolved(good, document_), document_);
    card.append(table(["Field", "Type", "Meaning"], rows));
  }
  const refusals = Object.entries(operation.responses).filter(([status]) => status !== "200");
  if (refusals.length) {
    card.append(element("h3", 'Refusals, each with {"error": "one sentence"}'));
    const rows = refusals.map(([status, response]) => [status, response.description]);
    card.append(table(["Status", "Why"], rows));
  }
  return card;
}

async function show() {
  const document_ = await (await fetch("openapi.json")).json();
  part("title").textContent = document_.info.title;
  part("summary").textContent = document_.info.summary ?? "";
  for (const [path, operations] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      part("operations").append(operationCard(path, method, operation, document_));
    }
  }
}

async function send() {
  const form = new FormData();
  form.append("image", part("picture").files[0]);
  part("send").disabled = true;
  part("answer").hidden = false;
  try {
    const response = await fetch("predict", { method: "POST", body: form });
    const answer = await response.json();
    if (answer.hand) answer.hand.landmarks = `${answer.hand.landmarks.length} points`;
    part("answer").textContent = `${response.status}\n${JSON.stringify(answer, null, 2)}`;
  } catch {
    part("answer").textContent = "The server does not answer.";
  }
  part("send").disabled = false;
}

part("picture").addEventListener("change", (event) => {
  part("send").disabled = event.target.files.length === 0;
});
part("send").addEventListener("click", send);
show().catch(() => (part("summary").textContent = "openapi.json of this server cannot be read."));
