//! The request of an operation as a command and as code.

use serde_json::Value;
use ui::format::segment;

use super::{
    operation::{Parameter, body},
    samples::asks_for,
    schema::example,
    text::colored,
};

/// The longest body that a command shows in one line, in bytes.
const LONGEST_LINE: usize = 60;

/// The request of an operation with the examples of its parameters.
#[derive(Clone)]
pub(super) struct Request {
    /// In lower case.
    method: String,
    /// The path and query.
    address: String,
    headers: Vec<Header>,
    body: Option<Value>,
    /// True if its body is a signed file.
    is_signed: bool,
    /// True if its response is JSON.
    gets_json: bool,
}

#[derive(Clone)]
struct Header {
    name: String,
    value: String,
    /// The variable whose value ends the header's; empty for none.
    variable: &'static str,
}

impl Header {
    fn of(name: &str, value: &str, variable: &'static str) -> Self {
        Self { name: name.to_owned(), value: value.to_owned(), variable }
    }

    /// Returns an entry of a dictionary. `marks` stand around the text of a value and around its variable.
    fn entry(&self, marks: [&str; 3]) -> String {
        let (name, [begin, variable, end]) = (quoted(&self.name), marks);
        match self.variable {
            "" => format!("{name}: {}", quoted(&self.value)),
            own => format!("{name}: {begin}{}{variable}{own}{end}", self.value),
        }
    }
}

impl Request {
    pub(super) fn of(
        method: &str,
        path: &str,
        parameters: &[Parameter],
        operation: &Value,
        document: &Value,
        gets_json: bool,
    ) -> Self {
        let (mut address, mut query, mut headers) = (path.to_owned(), Vec::new(), Vec::new());
        for parameter in parameters {
            let (name, Some(example)) = (&parameter.name, &parameter.example) else {
                continue;
            };
            match parameter.place.as_str() {
                "path" => address = address.replace(&format!("{{{name}}}"), example),
                "query" => query.push(format!("{name}={}", segment(example))),
                _ => headers.push(Header::of(name, example, "")),
            }
        }
        if !query.is_empty() {
            address += &format!("?{}", query.join("&"));
        }
        let is_signed = asks_for(operation, "signature");
        if is_signed {
            headers.push(Header::of("Content-Type", "application/json", ""));
            headers.push(Header::of("X-Hub-Signature-256", "sha256=", "SIGNATURE"));
        } else if asks_for(operation, "bearer") {
            headers.push(Header::of("Authorization", "Bearer ", "TOKEN"));
        } else if asks_for(operation, "session") {
            headers.push(Header::of("Cookie", "guildhall-session=", "SESSION"));
            headers.push(Header::of("Sec-Fetch-Site", "same-origin", ""));
        }
        let body = example(body(&operation["requestBody"]), document).filter(|_| !is_signed);
        Self { method: method.to_owned(), address, headers, body, is_signed, gets_json }
    }

    /// Returns the languages with the request in each as HTML. `site` is the URL of the server.
    pub(super) fn samples(&self, site: &str) -> Vec<(&'static str, String)> {
        let url = quoted(&format!("{site}{}", self.address));
        let mut samples = vec![("curl", colored(&self.curl(&url)))];
        if !self.is_signed {
            samples.push(("Python", colored(&self.python(url.clone()))));
            samples.push(("JavaScript", colored(&self.javascript(&url))));
        }
        samples
    }

    fn curl(&self, url: &str) -> String {
        let mut command = format!("curl {url}");
        for Header { name, value, variable } in &self.headers {
            command += &match *variable {
                "" => format!(" \\\n  -H '{name}: {value}'"),
                variable => format!(" \\\n  -H \"{name}: {value}${variable}\""),
            };
        }
        if self.method != "get" {
            command += &format!(" \\\n  -X {}", self.method.to_uppercase());
        }
        if self.is_signed {
            command += " \\\n  --data-binary @delivery.json";
        }
        if let Some(body) = &self.body {
            let short = Some(body.to_string()).filter(|body| body.len() <= LONGEST_LINE);
            let body = short.unwrap_or_else(|| format!("{body:#}"));
            command += &format!(" \\\n  --json '{}'", body.replace('\'', r"'\''"));
        }
        command
    }

    fn python(&self, url: String) -> String {
        let mut parts = vec![url];
        if !self.headers.is_empty() {
            let own = self.headers.iter().map(|header| header.entry(["f\"", "{", "}\""]));
            let own: Vec<_> = own.collect();
            parts.push(format!("headers={{\n        {},\n    }}", own.join(",\n        ")));
        }
        if let Some(body) = &self.body {
            let body = python(&format!("{body:#}"));
            parts.push(format!("json={}", body.replace('\n', "\n    ")));
        }
        let shown = if self.gets_json { "r.json()" } else { "r.status_code" };
        let (method, parts) = (&self.method, parts.join(",\n    "));
        format!("import httpx\n\nr = httpx.{method}(\n    {parts},\n)\nprint({shown})")
    }

    fn javascript(&self, url: &str) -> String {
        let mut parts = Vec::new();
        if self.method != "get" {
            parts.push(format!("method: {}", quoted(&self.method.to_uppercase())));
        }
        let kind = self.body.as_ref().map(|_| Header::of("Content-Type", "application/json", ""));
        let headers = self.headers.iter().chain(&kind);
        let headers: Vec<_> = headers.map(|header| header.entry(["`", "${", "}`"])).collect();
        if !headers.is_empty() {
            parts.push(format!("headers: {{\n    {},\n  }}", headers.join(",\n    ")));
        }
        if let Some(body) = &self.body {
            let body = format!("{body:#}").replace('\n', "\n  ");
            parts.push(format!("body: JSON.stringify({body})"));
        }
        let options = match parts.as_slice() {
            [] => String::new(),
            parts => format!(", {{\n  {},\n}}", parts.join(",\n  ")),
        };
        let shown = if self.gets_json { "await r.json()" } else { "r.status" };
        format!("const r = await fetch({url}{options});\nconsole.log({shown});")
    }
}

/// Returns text as a string of JSON, which all of the languages read.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Returns indented JSON as Python.
fn python(json: &str) -> String {
    let line = |line: &str| {
        let (value, comma) = line.strip_suffix(',').map_or((line, ""), |value| (value, ","));
        let words = [("true", "True"), ("false", "False"), ("null", "None")];
        let mut words = words.into_iter();
        let found = words.find_map(|(json, own)| Some((value.strip_suffix(json)?, own)));
        found.map_or_else(|| line.to_owned(), |(begin, own)| format!("{begin}{own}{comma}"))
    };
    json.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SITE: &str = "https://fenwick.example";

    fn request(method: &str, path: &str, operation: &Value) -> Request {
        let parameters = [
            json!({ "name": "login", "in": "path", "example": "wren-oak" }),
            json!({ "name": "limit", "in": "query", "example": 20 }),
            json!({ "name": "cursor", "in": "query" }),
        ];
        let parameters: Vec<_> = parameters.iter().map(Parameter::of).collect();
        Request::of(method, path, &parameters, operation, &Value::Null, method == "get")
    }

    #[test]
    fn a_request_is_written_out_with_its_examples() {
        let own = request("get", "/api/v1/people/{login}", &Value::Null);
        let url = "\"https://fenwick.example/api/v1/people/wren-oak?limit=20\"";
        assert_eq!(own.curl(url), format!("curl {url}"));
        let samples = own.samples(SITE);
        let (names, codes): (Vec<_>, Vec<_>) = samples.into_iter().unzip();
        assert_eq!(names, ["curl", "Python", "JavaScript"]);
        assert!(codes.iter().all(|code| code.contains(&colored(url))), "{codes:?}");
        assert_eq!(
            own.python(url.to_owned()),
            format!("import httpx\n\nr = httpx.get(\n    {url},\n)\nprint(r.json())")
        );
        assert_eq!(
            own.javascript(url),
            format!("const r = await fetch({url});\nconsole.log(await r.json());")
        );
    }

    #[test]
    fn a_change_has_a_token_or_the_session_and_its_origin() {
        let session =
            "-H \"Cookie: guildhall-session=$SESSION\" \\\n  -H 'Sec-Fetch-Site: same-origin'";
        for (security, shows) in [
            (json!([{ "session": [] }]), session),
            (
                json!([{ "session": [] }, { "bearer": ["admin"] }]),
                "-H \"Authorization: Bearer $TOKEN\"",
            ),
        ] {
            let schema = json!({ "example": { "role": "moderator's" } });
            let operation = json!({
                "security": security,
                "requestBody": { "content": { "application/json": { "schema": schema } } },
            });
            let own = request("put", "/people/{login}/role", &operation);
            assert_eq!(
                own.curl("\"/\""),
                format!(
                    "curl \"/\" \\\n  {shows} \\\n  -X PUT \\\n  --json '{{\"role\":\"moderator'\\''s\"}}'"
                )
            );
        }
    }

    #[test]
    fn code_sends_the_token_and_the_body() {
        let schema = json!({ "example": { "is_public": true, "note": "null" } });
        let operation = json!({
            "security": [{ "bearer": ["write"] }],
            "requestBody": { "content": { "application/json": { "schema": schema } } },
        });
        let own = request("post", "/notes", &operation);
        let python = "import httpx\n\nr = httpx.post(\n    \"/\",\n    headers={\n        \
            \"Authorization\": f\"Bearer {TOKEN}\",\n    },\n    json={\n      \
            \"is_public\": True,\n      \"note\": \"null\"\n    },\n)\nprint(r.status_code)";
        assert_eq!(own.python("\"/\"".to_owned()), python);
        let javascript = "const r = await fetch(\"/\", {\n  method: \"POST\",\n  headers: {\n    \
            \"Authorization\": `Bearer ${TOKEN}`,\n    \"Content-Type\": \"application/json\",\n  },\n  \
            body: JSON.stringify({\n    \"is_public\": true,\n    \"note\": \"null\"\n  }),\n});\n\
            console.log(r.status);";
        assert_eq!(own.javascript("\"/\""), javascript);
    }

    #[test]
    fn a_signed_delivery_is_a_command_only() {
        let own = request("post", "/webhooks", &json!({ "security": [{ "signature": [] }] }));
        let samples = own.samples(SITE);
        assert_eq!(samples.len(), 1);
        assert!(samples[0].1.contains("--data-binary @delivery.json"), "{samples:?}");
    }
}
