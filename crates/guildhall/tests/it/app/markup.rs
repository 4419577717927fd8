//! The markup of a page without the line breaks of its template, which no browser shows.

/// The elements in which line breaks count.
const KEPT: [(&str, &str); 3] =
    [("<textarea", "</textarea>"), ("<pre", "</pre>"), ("<input type=\"hidden\"", ">")];

/// Joins the lines of a page: nothing stays between two tags, and a space beside text.
pub(crate) fn joined(html: &str) -> String {
    let mut joined = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((at, end)) =
        KEPT.iter().filter_map(|(begin, end)| Some((rest.find(*begin)?, *end))).min()
    {
        let (before, kept) = rest.split_at(at);
        let length = kept.find(end).map_or(kept.len(), |at| at + end.len());
        add(&mut joined, before);
        joined += &kept[..length];
        rest = &kept[length..];
    }
    add(&mut joined, rest);
    joined
}

/// Adds markup in which line breaks do not count.
fn add(joined: &mut String, html: &str) {
    for (number, line) in html.split('\n').enumerate() {
        let is_between_tags = joined.ends_with('>') && (line.is_empty() || line.starts_with('<'));
        if number > 0 && !joined.is_empty() && !joined.ends_with(' ') && !is_between_tags {
            joined.push(' ');
        }
        *joined += line;
    }
}

#[test]
fn lines_are_joined_but_in_texts_of_people() {
    for (html, expected) in [
        ("<ul>\n\n<li>a\nb</li>\n</ul>", "<ul><li>a b</li></ul>"),
        ("<p>a\n<b>c</b>\nd</p>", "<p>a <b>c</b> d</p>"),
        ("<p>\n<textarea>a\nb</textarea>\n</p>", "<p><textarea>a\nb</textarea></p>"),
    ] {
        assert_eq!(joined(html), expected);
    }
}
