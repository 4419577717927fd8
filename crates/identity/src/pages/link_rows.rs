//! The rows of links in the form of a profile, which grow and shrink without saving.

use ui::Form;

use crate::rules::MOST_LINKS;

/// A change of the list of links that the form asks for without saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowChange {
    /// Shows the fields of one more than this number.
    Add(usize),
    /// Removes a link, by its place.
    Remove(usize),
}

impl RowChange {
    /// Returns the change that a button of the form asks for.
    pub(super) fn asked(form: &Form) -> Option<Self> {
        let number = |name: &str| form.value(name).parse().ok();
        let removed = number("remove_link").map(Self::Remove);
        removed.or_else(|| number("add_link").map(Self::Add))
    }

    /// Returns the form with the links after the change; those behind a removed one move up.
    pub(super) fn on(self, form: &Form) -> Form {
        let Self::Remove(removed) = self else {
            return form.clone();
        };
        let moved = |name: &str| {
            let (field, number) = name.strip_prefix("link_")?.rsplit_once('_')?;
            let number: usize = number.parse().ok()?;
            Some((field.to_owned(), number)).filter(|_| number >= removed)
        };
        let kept = form.fields().iter().filter_map(|(name, value)| match moved(name) {
            None => Some((name.clone(), value)),
            Some((_, number)) if number == removed => None,
            Some((field, number)) => Some((format!("link_{field}_{}", number - 1), value)),
        });
        let left = kept.fold(Form::default(), |form, (name, value)| form.with(&name, value));
        // The last place is empty now, whatever is stored.
        let last = MOST_LINKS - 1;
        left.with(&format!("link_label_{last}"), "").with(&format!("link_address_{last}"), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_link_is_followed_by_those_behind_it() {
        let form = Form::default()
            .with("name", "Ines")
            .with("link_label_0", "a")
            .with("link_address_0", "A")
            .with("link_label_1", "b")
            .with("link_address_1", "B")
            .with("remove_link", "0");
        assert_eq!(RowChange::asked(&form), Some(RowChange::Remove(0)));
        let left = RowChange::Remove(0).on(&form);
        for (name, value) in
            [("name", "Ines"), ("link_label_0", "b"), ("link_address_0", "B"), ("link_label_1", "")]
        {
            assert_eq!(left.value(name), value, "{name}");
        }
        assert_eq!(left.value_or("link_address_4", "stored"), "");
        assert_eq!(RowChange::Remove(1).on(&form).value("link_label_0"), "a");
        assert_eq!(RowChange::Add(1).on(&form).fields(), form.fields());
        assert_eq!(RowChange::asked(&Form::default()), None);
    }
}
