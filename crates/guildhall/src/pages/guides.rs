//! Guides of modules: Markdown of the repository's `docs/guides`, embedded in the program.

use std::sync::{Arc, OnceLock};

use ui::{Address, PageResult, show};

use askama::Template;
use axum::Extension;
use kernel::Problem;
use platform::module::{self, Modules};
use pulldown_cmark::{Options, Parser, html};

/// A guide.
struct Guide {
    /// The name in URLs.
    name: &'static str,
    title: &'static str,
    /// A summary of its contents.
    summary: &'static str,
    /// Sanitized HTML.
    html: String,
}

/// The guides of the server's modules, rendered when one is first read.
#[derive(Clone)]
pub(crate) struct Guides(Modules, Arc<OnceLock<Vec<Guide>>>);

impl Guides {
    /// Collects the guides of modules.
    pub(crate) fn of(modules: Modules) -> Self {
        Self(modules, Arc::default())
    }

    fn all(&self) -> &[Guide] {
        let rendered = || self.0.guides().map(Guide::of).collect();
        self.1.get_or_init(rendered)
    }
}

impl Guide {
    fn of(guide: &module::Guide) -> Self {
        Self {
            name: guide.name,
            title: guide.title,
            summary: guide.summary,
            html: rendered(guide.markdown),
        }
    }
}

/// Renders Markdown as HTML without scripts or external requests.
fn rendered(markdown: &str) -> String {
    let mut written = String::new();
    html::push_html(
        &mut written,
        Parser::new_ext(markdown, Options::ENABLE_TABLES),
    );
    let clean = ammonia::Builder::default()
        .link_rel(Some("noreferrer"))
        .rm_tags(&["img"])
        .add_generic_attributes(["id"])
        .clean(&written)
        .to_string();
    // A table wider than the column scrolls on its own, as a landmark with a name of its own.
    let part = |(number, part): (usize, &str)| match number {
        0 => part.to_owned(),
        _ => format!(
            "<div class=\"table-wrap\" tabindex=\"0\" role=\"region\" aria-label=\"Table {number}\"><table class=\"table\">{part}"
        ),
    };
    let parts = clean.split("<table>").enumerate().map(part);
    parts
        .collect::<String>()
        .replace("</table>", "</table></div>")
        .replace("<pre>", "<pre tabindex=\"0\">")
        .replace("<th>", "<th scope=\"col\">")
}

#[derive(Template)]
#[template(path = "guides.html")]
struct GuidesPage<'a> {
    guides: &'a [Guide],
}

/// `GET /guides`.
pub(super) async fn guides(Extension(guides): Extension<Guides>) -> PageResult {
    show(&GuidesPage {
        guides: guides.all(),
    })
}

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage<'a> {
    guide: &'a Guide,
}

/// `GET /guides/{name}`.
pub(super) async fn guide(
    Extension(guides): Extension<Guides>,
    Address(name): Address<String>,
) -> PageResult {
    let unknown = || {
        Problem::not_found(format!(
            "Unknown guide '{name}'. See /guides for all guides."
        ))
    };
    let guide = guides.all().iter().find(|guide| guide.name == name);
    show(&GuidePage {
        guide: guide.ok_or_else(unknown)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendered_markdown_contains_no_scripts() {
        let html = rendered(
            "# A\n\n<script>x</script>\n\n<b onclick=x>b</b>\n\nAn ![x](https://else.where/x.png)\n\n|a|\n|-|\n|b|",
        );
        assert!(
            html.contains("<h1>A</h1>") && html.contains("<td>b</td>"),
            "{html}"
        );
        for banned in ["<script", "onclick", "<img", "else.where"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
    }
}
