/// A guide for people who use the server, shown at `/guides`.
#[derive(Clone, Copy, Debug)]
pub struct Guide {
    /// The position in the list. Groups come in the order of their first guides.
    pub order: u8,
    /// The heading of its group, such as "For contributors".
    pub group: &'static str,
    /// The name in URLs.
    pub name: &'static str,
    /// The task that it explains, such as "Hold a hackathon"; also the heading of the text.
    pub title: &'static str,
    /// A sentence about its contents.
    pub summary: &'static str,
    /// The text as Markdown.
    pub markdown: &'static str,
}

/// Declares a guide with its text from `docs/guides` of the repository, for a programme.
#[macro_export]
macro_rules! guide {
    ($order:literal, $group:literal, $name:literal, $title:literal, $summary:literal) => {
        $crate::module::Guide {
            order: $order,
            group: $group,
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
