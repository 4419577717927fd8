/// A guide for people who use the server, shown at `/guides`.
#[derive(Clone, Copy, Debug)]
pub struct Guide {
    /// The name in URLs.
    pub name: &'static str,
    /// The title in the list, such as "For contributors".
    pub title: &'static str,
    /// A sentence about its contents.
    pub summary: &'static str,
    /// The text as Markdown.
    pub markdown: &'static str,
}

/// Declares a guide with its text from `docs/guides` of the repository, for a programme.
#[macro_export]
macro_rules! guide {
    ($name:literal, $title:literal, $summary:literal) => {
        $crate::module::Guide {
            name: $name,
            title: $title,
            summary: $summary,
            markdown: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../../docs/guides/",
                $name,
                ".md"
            )),
        }
    };
}
