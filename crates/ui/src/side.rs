//! The side list of a workspace: pages that belong together, in groups. Below a width, it is one line that opens.

use askama::Template;

use crate::{frame::Link, picture::Who};

/// The largest number of entries of a side list.
pub const MOST_ENTRIES: usize = 20;

/// The largest number of parts of the present page that are shown at once.
const MOST_OPEN: usize = 30;

/// A side list.
#[derive(Debug, Default, Template)]
#[template(path = "side_list.html")]
pub struct SideList {
    /// The name of the workspace, such as "Settings" or the title of a hackathon.
    pub name: String,
    /// The person whose workspace it is: their face and name head the list.
    pub owner: Option<Who>,
    /// The page from which others see what the workspace is about, and the words of the link to it.
    pub seen_at: Option<(String, &'static str)>,
    /// True if people gave the workspace its name.
    pub is_named_by_people: bool,
    pub groups: Vec<SideGroup>,
    /// The parts of the present page.
    pub within: Option<SideWithin>,
}

/// The parts of the present page, listed below its entry.
#[derive(Debug)]
pub struct SideWithin {
    /// A phrase for them, such as "21 operations".
    pub name: String,
    pub anchors: Vec<SideAnchor>,
}

/// A part of the present page.
#[derive(Debug)]
pub struct SideAnchor {
    /// The ID of its element.
    pub id: String,
    pub label: String,
    /// A word after the label, such as the method of an operation.
    pub mark: String,
}

impl SideWithin {
    /// Returns true if the parts are shown at once, because the entries after them stay near.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.anchors.len() <= MOST_OPEN
    }
}

/// A group of a side list.
#[derive(Debug, Default)]
pub struct SideGroup {
    /// Its heading; empty for the group without one, which comes first.
    pub heading: &'static str,
    pub entries: Vec<SideEntry>,
}

/// An entry of a side list.
#[derive(Debug)]
pub struct SideEntry {
    pub label: String,
    pub address: String,
    pub is_current: bool,
    /// The number of things that wait there; 0 is not shown.
    pub count: i64,
}

/// An entry of a constant list: the heading of its group, the end of its address, and its label.
pub type SidePart = (&'static str, &'static str, &'static str);

impl SideList {
    /// Collects constant parts below an address. `current` is the end of the address of the present page.
    #[must_use]
    pub fn of(name: &str, root: &str, parts: &[SidePart], current: &str) -> Self {
        let mut list = Self { name: name.to_owned(), is_named_by_people: true, ..Self::default() };
        for (heading, end, label) in parts {
            list.add(
                heading,
                SideEntry {
                    label: (*label).to_owned(),
                    address: format!("{root}{end}"),
                    is_current: *end == current,
                    count: 0,
                },
            );
        }
        list
    }

    /// Collects links of the navigation, each in its group.
    #[must_use]
    pub fn of_links(name: &str, links: Vec<Link>) -> Self {
        let mut list = Self { name: name.to_owned(), ..Self::default() };
        for link in links {
            list.add(
                link.group,
                SideEntry {
                    label: link.label.to_owned(),
                    address: link.address.to_owned(),
                    is_current: link.is_current,
                    count: link.count,
                },
            );
        }
        list
    }

    /// Names the page that others see.
    #[must_use]
    pub fn seen_at(mut self, address: &str, words: &'static str) -> Self {
        self.seen_at = Some((address.to_owned(), words));
        self
    }

    /// Adds an entry to its group, which it creates if needed.
    pub fn add(&mut self, heading: &'static str, entry: SideEntry) {
        match self.groups.iter_mut().find(|group| group.heading == heading) {
            Some(group) => group.entries.push(entry),
            None => self.groups.push(SideGroup { heading, entries: vec![entry] }),
        }
    }

    /// Returns the label of the present page; empty if the list does not have it.
    #[must_use]
    pub fn current(&self) -> &str {
        let mut entries = self.groups.iter().flat_map(|group| &group.entries);
        entries.find(|entry| entry.is_current).map_or("", |entry| &entry.label)
    }

    /// Returns the number of things that wait anywhere in the workspace.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        self.groups.iter().flat_map(|group| &group.entries).map(|entry| entry.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: &[SidePart] =
        &[("", "/edit", "Edit"), ("People", "/staff", "Staff"), ("", "/results", "Results")];

    #[test]
    fn entries_stand_in_their_groups() {
        let list = SideList::of("Low Tide", "/hackathons/low-tide", PARTS, "/staff");
        let groups: Vec<_> =
            list.groups.iter().map(|group| (group.heading, group.entries.len())).collect();
        assert_eq!(groups, [("", 2), ("People", 1)]);
        assert_eq!((list.current(), list.waiting()), ("Staff", 0));
        let html = list.render().expect("rendered");
        let current = "href=\"/hackathons/low-tide/staff\" aria-current=\"page\"";
        assert!(html.contains(current), "{html}");
        assert_eq!(html.matches("aria-current").count(), 1, "{html}");
    }

    #[test]
    fn the_parts_of_the_page_are_below_its_entry() {
        for (count, begin) in
            [(30, "<details class=\"within\" open>"), (31, "<details class=\"within\">")]
        {
            let anchor = |place: usize| SideAnchor {
                id: format!("part-{place}"),
                label: "List people".to_owned(),
                mark: "GET".to_owned(),
            };
            let within = SideWithin {
                name: format!("{count} operations"),
                anchors: (0..count).map(anchor).collect(),
            };
            let of = SideList::of("Low Tide", "/hackathons/low-tide", PARTS, "/staff");
            let html = SideList { within: Some(within), ..of }.render().expect("rendered");
            let (above, below) = html.split_once(begin).expect("the parts");
            assert!(above.trim_end().ends_with("Staff</a>"), "{above}");
            assert_eq!(below.matches("href=\"#part-").count(), count, "{below}");
        }
    }
}
