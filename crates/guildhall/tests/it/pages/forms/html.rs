//! Forms in HTML, and in the source of templates.

/// A field of a form that a person types into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Free text.
    Text,
    Email,
    Url,
    /// A value that is chosen, or that has a form of its own, such as a date.
    Fixed,
    /// A value that is sent only if it is chosen.
    Off,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) value: String,
}

impl Field {
    /// Returns whether a person types words into it.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Email | Kind::Url)
    }
}

/// A button that submits a form: its own address, if it has one, and its name and value.
#[derive(Clone, Debug, Default)]
pub(super) struct Button {
    pub(super) action: Option<String>,
    pub(super) field: Option<(String, String)>,
}

/// A form that changes something.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) fields: Vec<Field>,
    pub(super) buttons: Vec<Button>,
}

impl Form {
    pub(super) fn typed(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_typed())
    }

    /// Returns the path that the form is sent to.
    pub(super) fn path(&self) -> &str {
        path(&self.action)
    }
}

/// Returns an address without its query and its fragment.
pub(super) fn path(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// A tag with its attributes, and the text that follows it.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
    rest: &'a str,
}

impl Tag<'_> {
    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| *known == name)
    }

    fn get(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }
}

fn plain(text: &str) -> String {
    let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&lt;", "<");
    let text = text.replace("&gt;", ">").replace("&#34;", "\"").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&#38;", "&").replace("&amp;", "&")
}

/// Returns the tags of HTML whose attributes have double quotes, as those of the templates do.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let name_ends = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '/');
        let (name, mut inside) = after.split_at(name_ends.unwrap_or(after.len()));
        let mut attributes = Vec::new();
        loop {
            inside = inside.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if inside.is_empty() || inside.starts_with('>') {
                break;
            }
            let ends = inside.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>'));
            let (attribute, after) = inside.split_at(ends.unwrap_or(inside.len()).max(1));
            match after.strip_prefix("=\"").and_then(|quoted| quoted.split_once('"')) {
                Some((value, after)) => {
                    attributes.push((attribute, plain(value)));
                    inside = after;
                }
                None => {
                    attributes.push((attribute, String::new()));
                    inside = after;
                }
            }
        }
        rest = inside.strip_prefix('>').unwrap_or(inside);
        found.push(Tag { name, attributes, rest });
    }
    found
}

/// Returns the forms of HTML that change something.
pub(super) fn forms(html: &str) -> Vec<Form> {
    let mut found = Vec::new();
    let mut open: Option<Form> = None;
    let mut select: Option<Field> = None;
    for tag in tags(html) {
        if tag.name == "form" && tag.text("method") == "post" {
            open = Some(Form { action: tag.text("action"), ..Form::default() });
        }
        let Some(form) = &mut open else {
            continue;
        };
        match tag.name {
            "/form" => found.extend(open.take()),
            "input" if !tag.has("disabled") => form.fields.extend(input(&tag)),
            "textarea" if !tag.has("disabled") && !tag.has("readonly") => {
                let value = tag.rest.split("</textarea").next().unwrap_or_default();
                let kind = if tag.has("hidden") { Kind::Fixed } else { Kind::Text };
                form.fields.push(Field { name: tag.text("name"), kind, value: plain(value) });
            }
            "select" => {
                let (name, value) = (tag.text("name"), String::new());
                select = Some(Field { name, kind: Kind::Fixed, value });
            }
            "option" => {
                if let Some(select) = &mut select
                    && (tag.has("selected") || select.value.is_empty())
                {
                    select.value = tag.text("value");
                }
            }
            "/select" => form.fields.extend(select.take()),
            "button" => {
                let field = tag.get("name").map(|name| (name, tag.text("value")));
                form.buttons.push(Button { action: tag.get("formaction"), field });
            }
            _ => {}
        }
    }
    found
}

fn input(tag: &Tag<'_>) -> Option<Field> {
    let is_number = matches!(&*tag.text("inputmode"), "numeric" | "decimal");
    let (kind, default) = match &*tag.text("type") {
        "email" => (Kind::Email, ""),
        "url" => (Kind::Url, ""),
        "hidden" | "password" => (Kind::Fixed, ""),
        // A secret, which no page shows again.
        _ if tag.text("name") == "code" => (Kind::Fixed, "code"),
        "checkbox" | "radio" if !tag.has("checked") && !tag.has("required") => (Kind::Off, ""),
        "checkbox" | "radio" => (Kind::Fixed, "on"),
        "number" => (Kind::Fixed, "1"),
        "date" => (Kind::Fixed, "2026-11-20"),
        "time" => (Kind::Fixed, "18:00"),
        "datetime-local" => (Kind::Fixed, "2026-11-20T18:00"),
        "month" => (Kind::Fixed, "2026-11"),
        _ if is_number => (Kind::Fixed, "1"),
        _ => (Kind::Text, ""),
    };
    let value = Some(tag.text("value")).filter(|value| !value.is_empty());
    let name = tag.get("name")?;
    Some(Field { name, kind, value: value.unwrap_or_else(|| default.to_owned()) })
}

/// Replaces an expression of a template in its source.
const ANY: char = '*';
/// Divides the alternatives of a condition in the source of a template.
const ELSE: char = '\u{1}';

/// Returns the source of a template without its expressions and statements.
pub(super) fn without_code(source: &str) -> String {
    let mut html = String::new();
    let mut rest = source;
    while let Some(start) =
        rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min()
    {
        html += &rest[..start];
        let end = match &rest[start..start + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let (code, after) = rest[start..].split_once(end).unwrap_or((&rest[start..], ""));
        html.push(if code.trim_end_matches('-').trim_end().ends_with("else") { ELSE } else { ANY });
        rest = after;
    }
    html + rest
}

/// Returns whether an address fits the one in a template.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    pattern.split(ELSE).any(|pattern| {
        let pattern = self::path(pattern);
        let mut parts = pattern.split(ANY);
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = path.strip_prefix(first) else {
            return false;
        };
        let mut last = None;
        for part in parts {
            let Some(at) = rest.find(part) else {
                return false;
            };
            rest = &rest[at + part.len()..];
            last = Some(part);
        }
        match last {
            None => rest.is_empty(),
            Some(part) => part.is_empty() || path.ends_with(part),
        }
    })
}

#[test]
fn forms_are_read_as_a_browser_reads_them() {
    let html = "<form method=\"get\"><input name=\"q\"></form>\
         <form class=\"a\" method=\"post\" action=\"/a?b=c\"><input type=\"hidden\" name=\"h\" value=\"a&#38;b\">\
         <input name=\"t\" required><textarea name=\"w\">\n1 &#60; 2</textarea>\
         <select name=\"s\"><option value=\"\">-</option><option value=\"x\">X</option></select>\
         <input type=\"checkbox\" name=\"c\" value=\"1\"><button>Go</button>\
         <button formaction=\"/d\" name=\"n\" value=\"v\">Do</button></form>";
    let found = forms(html);
    assert_eq!((found.len(), found[0].path()), (1, "/a"));
    let fields: Vec<_> =
        found[0].fields.iter().map(|it| (&*it.name, it.kind, &*it.value)).collect();
    let expected = [
        ("h", Kind::Fixed, "a&b"),
        ("t", Kind::Text, ""),
        ("w", Kind::Text, "\n1 < 2"),
        ("s", Kind::Fixed, "x"),
        ("c", Kind::Off, "1"),
    ];
    assert_eq!(fields, expected);
    assert_eq!(found[0].buttons.len(), 2);
    assert_eq!(found[0].buttons[1].action.as_deref(), Some("/d"));
    let source = "<form method=\"post\" action=\"{% if new %}/a/new{% else %}{{ card.at(\"x\") }}/edit{% endif %}#b\">\
                  <input name=\"{{ name }}\"{% if a %} required{% endif %}></form>";
    let read = &forms(&without_code(source))[0];
    for (path, is_it) in [("/a/new", true), ("/c/d/edit", true), ("/c/d/move", false)] {
        assert_eq!(fits(&read.action, path), is_it, "{path}");
    }
    assert_eq!(read.fields[0].name, "*");
}
