//! Markdown that shows an image of this server in a README.

use ui::format::tame;

/// Returns Markdown for the image with a file name below the page at `address`, with a link to the page. The title cannot
/// end its parts.
pub(super) fn markdown(title: &str, address: &str, image: &str) -> String {
    let title = tame(title).replace(['[', ']', '\\', '`', '<', '>'], "");
    let page = format!("{}{address}", ui::frame::community().site);
    format!("[![{title}]({page}/{image})]({page})")
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn a_title_cannot_end_its_parts() {
        assert_eq!(
            markdown("a](b) `c` <d>\n\\", "/leaderboards", "card.svg"),
            "[![a(b) c d](/leaderboards/card.svg)](/leaderboards)"
        );
    }
}
