//! The pictures of README.md and of the guides: the pages of the demo that they show.

/// The folder of the pictures of README.md.
pub(super) const README: &str = "docs/images";
/// The folder of the pictures of the guides.
pub(super) const GUIDES: &str = "docs/guides/images";
/// The first admin of a new server. All other roles are of the demo.
pub(super) const FOUNDER: &str = "founder";

/// A picture of a page.
pub(super) struct Shot {
    pub(super) folder: &'static str,
    /// The name of its file, without the extension.
    pub(super) name: &'static str,
    /// The role of the person who sees the page; empty for a visitor.
    pub(super) role: &'static str,
    /// The page to begin at.
    pub(super) page: &'static str,
    /// The links to follow from there, each by a selector.
    pub(super) links: &'static [&'static str],
    /// The parts that its text counts, each by a selector: marked with numbers from 1 on; a single one only framed.
    pub(super) marks: &'static [&'static str],
}

const fn shot(
    (folder, name): (&'static str, &'static str),
    (role, page): (&'static str, &'static str),
    links: &'static [&'static str],
) -> Shot {
    Shot { folder, name, role, page, links, marks: &[] }
}

impl Shot {
    const fn marking(self, marks: &'static [&'static str]) -> Self {
        Self { marks, ..self }
    }
}

/// The button that does what a page is for.
const BUTTON: &str = "main .btn.primary";
/// The tab of merged pull requests.
const MERGED: &str = ".tabs a[href*='state=merged']";

/// All pictures. A guide names its own as `images/NAME.png`.
#[rustfmt::skip]
pub(super) const SHOTS: &[Shot] = &[
    shot((README, "front"), ("", "/"), &[]),
    shot((README, "today"), ("contributor", "/"), &[]),
    shot((README, "hackathon"), ("", "/hackathons/low-tide-hack"), &[]),
    shot((README, "roster"), ("coach", "/ctf"), &["tbody th a"]),
    shot((GUIDES, "setup"), (FOUNDER, "/setup/programs"), &[]).marking(&[BUTTON]),
    shot((GUIDES, "new-season"), ("admin", "/seasons/new"), &[]).marking(&["#name", ".dates", BUTTON]),
    shot((GUIDES, "season"), ("", "/seasons/demo"), &[]).marking(&[BUTTON]),
    shot((GUIDES, "new-hackathon"), ("organizer", "/hackathons/new"), &[]).marking(&[".presets", "#title", BUTTON]),
    shot((GUIDES, "applications"), ("organizer", "/hackathons/low-tide-hack/applications"), &[]),
    shot((GUIDES, "hackathon-page"), ("", "/hackathons/low-tide-hack"), &[]).marking(&[BUTTON]),
    shot((GUIDES, "judging"), ("judge", "/hackathons/harbor-lights/judging"), &[]),
    shot((GUIDES, "roster-import"), ("coach", "/ctf"), &["tbody th a", "a[href$='/competitors']", "a[href$='/competitors/import']"]).marking(&["#file", "#rows"]),
    shot((GUIDES, "dashboard"), ("coach", "/ctf"), &["tbody th a"]).marking(&[".btn.small", "dl.stats"]),
    shot((GUIDES, "discover"), ("contributor", "/discover?q=checksum"), &[]),
    shot((GUIDES, "points"), ("", "/projects"), &["main h2 a[href^='/projects/']", MERGED, "main a[href^='/pull-requests/']"]).marking(&["section[aria-labelledby=why]", "section[aria-labelledby=life]"]),
    shot((GUIDES, "reviews"), ("maintainer", "/reviews"), &[]).marking(&[".kinds", "thead th:last-child"]),
    shot((GUIDES, "flag"), ("moderator", "/admin/fair-play"), &["tbody th a[href^='/admin/fair-play/']"]),
    shot((GUIDES, "rewards"), ("contributor", "/rewards"), &[]),
];

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    fn at(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
    }

    /// Returns the names of the pictures that Markdown shows, whose folder it calls `folder`.
    fn shown(markdown: &str, folder: &str) -> BTreeSet<String> {
        let begin = format!("]({folder}/");
        let names = markdown.split(&begin).skip(1).filter_map(|rest| rest.split(".png)").next());
        names.map(str::to_owned).collect()
    }

    fn declared(folder: &str) -> BTreeSet<String> {
        let own = SHOTS.iter().filter(|shot| shot.folder == folder);
        own.map(|shot| shot.name.to_owned()).collect()
    }

    /// Returns the names of the pictures in a folder, which may be missing.
    fn files(folder: &str) -> BTreeSet<String> {
        let files = fs::read_dir(at(folder)).into_iter().flatten();
        let names = files.map(|file| file.expect("a file").file_name().into_string());
        names.map(|name| name.expect("text").replace(".png", "")).collect()
    }

    #[test]
    fn guides_show_the_pictures_that_are_taken_for_them() {
        let guides = fs::read_dir(at("docs/guides")).expect("a folder");
        let paths = guides.map(|file| file.expect("a file").path());
        let markdown = paths.filter(|path| path.extension().is_some_and(|end| end == "md"));
        let texts = markdown.map(|path| fs::read_to_string(path).expect("text"));
        let shown: BTreeSet<String> = texts.flat_map(|text| shown(&text, "images")).collect();
        let declared = declared(GUIDES);
        assert_eq!(shown, declared);
        let files = files(GUIDES);
        assert!(files.is_empty() || files == declared, "{files:?}: run `cargo xtask pictures`");
    }

    #[test]
    fn the_readme_shows_the_pictures_that_there_are() {
        let text = fs::read_to_string(at("README.md")).expect("text");
        let (shown, files) = (shown(&text, README), files(README));
        assert_eq!(shown, files, "README.md shows the first ones, {README} has the others");
        assert!(shown.is_subset(&declared(README)), "{shown:?}");
    }
}
