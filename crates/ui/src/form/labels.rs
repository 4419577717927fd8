//! The names of fields in the banner of a rejected form: each is named as its own page names it.

/// Returns the place of a field's name in a page that is not complete.
pub(crate) fn marker(field: &str) -> String {
    format!("<!--name of {field}-->")
}

/// Puts the names of fields in place of their markers. A field that the page does not name keeps its sentence only, and a link to a
/// field that is not there becomes its text.
pub(crate) fn named(mut page: String, fields: &[(&'static str, String)]) -> String {
    for (field, _) in fields {
        let marker = marker(field);
        if !page.contains(&marker) {
            continue;
        }
        let name = label(&page, field).map_or_else(String::new, |name| format!("{name}: "));
        let marked = if has_id(&page, field) {
            page.replacen(&marker, &name, 1)
        } else {
            unlinked(&page, field, &marker, &name)
        };
        page = marked.replace(&marker, "");
    }
    page
}

fn has_id(page: &str, field: &str) -> bool {
    page.contains(&format!(" id=\"{field}\""))
}

/// Returns the page without the link around a marker.
fn unlinked(page: &str, field: &str, marker: &str, name: &str) -> String {
    let link = format!("<a href=\"#{field}\">{marker}");
    match page.split_once(&link) {
        None => page.replacen(marker, name, 1),
        Some((before, after)) => format!("{before}{name}{}", after.replacen("</a>", "", 1)),
    }
}

/// Returns the name of a field as HTML: the text of its label, of the legend of the group with its ID, or behind its box.
fn label<'a>(page: &'a str, field: &str) -> Option<&'a str> {
    let of_label = page
        .split_once(&format!("<label for=\"{field}\""))
        .and_then(|(_, rest)| content(rest, "</label>"));
    let of_itself = || {
        let (before, rest) = page.split_once(&format!(" id=\"{field}\""))?;
        let (_, tag) = before.rsplit_once('<')?;
        if tag.starts_with("fieldset") {
            let (_, legend) = rest.split_once("<legend")?;
            return content(legend, "</legend>");
        }
        let is_box = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        if is_box { content(rest, "</label>") } else { None }
    };
    of_label.or_else(of_itself)
}

/// Returns the text of an element up to its first child.
fn content<'a>(rest: &'a str, end: &str) -> Option<&'a str> {
    let (_, content) = rest.split_once('>')?;
    let (content, _) = content.split_once(end)?;
    let text = content.split('<').next().unwrap_or_default();
    let text = text.trim().trim_end_matches([':', '?']);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(field: &str, sentence: &str) -> String {
        format!("<a href=\"#{field}\">{}{sentence}</a>", marker(field))
    }

    fn fields(names: &[&'static str]) -> Vec<(&'static str, String)> {
        names.iter().map(|name| (*name, String::new())).collect()
    }

    #[test]
    fn fields_are_named_by_their_labels_and_legends() {
        let page = [
            link("title", "It is missing."),
            link("places", "Enter a number."),
            "<label class=\"x\">A</label><label for=\"title\">1. Name &#38; place? <span>(optional)</span></label>".to_owned(),
            "<input id=\"title\"><fieldset id=\"places\"><legend>Places</legend></fieldset>".to_owned(),
        ];
        let html = named(page.concat(), &fields(&["title", "places"]));
        assert!(
            html.contains("<a href=\"#title\">1. Name &#38; place: It is missing.</a>"),
            "{html}"
        );
        assert!(html.contains("<a href=\"#places\">Places: Enter a number.</a>"), "{html}");
        assert!(!html.contains("<!--"), "{html}");
    }

    #[test]
    fn a_box_is_named_by_the_text_behind_it() {
        let page = link("agreed", "Check it.")
            + "<label><input type=\"checkbox\" id=\"agreed\"> I agree</label><div id=\"other\"></div><fieldset><legend>No</legend></fieldset>"
            + &link("other", "Choose one.");
        let html = named(page, &fields(&["agreed", "other"]));
        assert!(html.contains("<a href=\"#agreed\">I agree: Check it.</a>"), "{html}");
        assert!(html.contains("<a href=\"#other\">Choose one.</a>"), "{html}");
    }

    #[test]
    fn a_field_that_is_not_there_is_not_linked() {
        let page = format!("<p>{} {}</p>", link("gone", "One."), link("there", "Two."));
        let html = named(page + "<input id=\"there\">", &fields(&["gone", "there"]));
        assert_eq!(html, "<p>One. <a href=\"#there\">Two.</a></p><input id=\"there\">");
    }
}
