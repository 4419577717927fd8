//! The spelling of well-known tags.

use kernel::capitalized;

/// Tags whose names are spelled otherwise than with a capital letter.
const SPELLINGS: [(&str, &str); 56] = [
    ("a11y", "Accessibility"),
    ("ai", "AI"),
    ("api", "API"),
    ("apis", "APIs"),
    ("ci", "CI"),
    ("cli", "CLI"),
    ("cpp", "C++"),
    ("c++", "C++"),
    ("csharp", "C#"),
    ("css", "CSS"),
    ("csv", "CSV"),
    ("devops", "DevOps"),
    ("dns", "DNS"),
    ("fsharp", "F#"),
    ("gis", "GIS"),
    ("github", "GitHub"),
    ("gitlab", "GitLab"),
    ("golang", "Go"),
    ("gps", "GPS"),
    ("graphql", "GraphQL"),
    ("grpc", "gRPC"),
    ("html", "HTML"),
    ("http", "HTTP"),
    ("i18n", "Internationalization"),
    ("ios", "iOS"),
    ("iot", "IoT"),
    ("javascript", "JavaScript"),
    ("jquery", "jQuery"),
    ("json", "JSON"),
    ("latex", "LaTeX"),
    ("l10n", "Localization"),
    ("macos", "macOS"),
    ("matlab", "MATLAB"),
    ("mongodb", "MongoDB"),
    ("mqtt", "MQTT"),
    ("mysql", "MySQL"),
    ("nlp", "NLP"),
    ("node.js", "Node.js"),
    ("nodejs", "Node.js"),
    ("ocaml", "OCaml"),
    ("openapi", "OpenAPI"),
    ("opengl", "OpenGL"),
    ("pdf", "PDF"),
    ("php", "PHP"),
    ("postgres", "PostgreSQL"),
    ("postgresql", "PostgreSQL"),
    ("sdk", "SDK"),
    ("sql", "SQL"),
    ("sqlite", "SQLite"),
    ("typescript", "TypeScript"),
    ("ui", "UI"),
    ("ux", "UX"),
    ("wasm", "WebAssembly"),
    ("webassembly", "WebAssembly"),
    ("webgl", "WebGL"),
    ("xml", "XML"),
];

/// Returns a tag as people spell it: a well-known one by its name, any other with a capital letter and spaces.
#[must_use]
pub fn spelled(tag: &str) -> String {
    let known = SPELLINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag));
    known.map_or_else(|| capitalized(&tag.replace(['-', '_'], " ")), |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_spelled_as_people_spell_them() {
        for (tag, name) in [
            ("typescript", "TypeScript"),
            ("TypeScript", "TypeScript"),
            ("cpp", "C++"),
            ("c", "C"),
            ("iot", "IoT"),
            ("rust", "Rust"),
            ("machine-learning", "Machine learning"),
            ("émile", "Émile"),
            ("", ""),
        ] {
            assert_eq!(spelled(tag), name, "{tag}");
        }
    }
}
