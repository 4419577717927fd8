//! Contents of files.

use testkit::rng::Rng;

use super::stacks::{STACKS, Stack};

const WORDS: &[&str] = &[
    "tide", "lamp", "route", "basket", "signal", "stop", "plan", "shift", "meal", "seed", "plot",
    "visit", "point", "track", "score", "token", "draft", "field", "grid", "layer", "cache",
    "event", "filter", "group", "hint", "index", "joint", "level", "marker", "notice", "order",
    "panel", "query", "rate", "slot", "theme", "unit", "view", "widget", "zone", "alert", "batch",
    "chart", "depth", "entry", "focus", "guest", "height",
];

/// A starter library that anyone can copy into a repository: its name, its files and their ending.
const VENDORED: &[(&str, usize, &str)] = &[
    ("htmx", 2, "js"),
    ("leaflet", 6, "js"),
    ("stb", 4, "h"),
    ("normalize", 1, "css"),
    ("sqlite", 3, "c"),
    ("fontset", 8, "svg"),
];

pub(super) fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.index(WORDS.len())]
}

/// Returns a size of a source file: most are small.
pub(super) fn size(rng: &mut Rng) -> usize {
    let (low, high) = match rng.below(100) {
        0..70 => (300, 3_000),
        70..95 => (3_000, 9_000),
        _ => (9_000, 19_000),
    };
    usize::try_from(rng.between(low, high)).unwrap_or_default()
}

fn line(rng: &mut Rng, stack: &Stack) -> String {
    let form = *rng.pick(stack.lines);
    let name = |rng: &mut Rng| format!("{}_{}", word(rng), word(rng));
    let (a, b) = (name(rng), name(rng));
    form.replace("{a}", &a).replace("{b}", &b).replace("{n}", &rng.below(10_000).to_string())
}

/// Returns code of about a size.
pub(super) fn code(rng: &mut Rng, stack: &Stack, bytes: usize) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(&line(rng, stack));
        text.push('\n');
    }
    text
}

/// Returns a changed version of code: some lines are new, and some may be added.
pub(super) fn edited(rng: &mut Rng, stack: &Stack, text: &str) -> String {
    let changed = 3 + rng.below(25);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for old in &mut lines {
        if rng.chance(changed) {
            *old = line(rng, stack);
        }
    }
    let longest = 19_000_usize.saturating_sub(text.len()) / 60;
    for _ in 0..rng.index(12).min(longest) + 1 {
        let at = rng.index(lines.len() + 1);
        lines.insert(at, line(rng, stack));
    }
    lines.join("\n") + "\n"
}

/// Returns a readme of a project.
pub(super) fn readme(rng: &mut Rng, title: &str) -> String {
    let mut text = format!("# {title}\n\nMade at a hackathon.\n\n## How it works\n\n");
    for _ in 0..4 + rng.below(12) {
        let (a, b, c) = (word(rng), word(rng), word(rng));
        text.push_str(&format!(
            "- The {a} shows each {b} with its {c} in {} steps.\n",
            rng.below(90)
        ));
    }
    text
}

/// Returns the MIT license of a holder.
pub(super) fn license(holder: &str) -> String {
    format!(
        "MIT License\n\nCopyright (c) 2026 {holder}\n\nPermission is hereby granted, free of charge, to any person \
         obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the \
         Software without restriction.\n"
    )
}

/// Returns the files of a stack's starter template, which are the same in every project.
pub(super) fn template(stack: &Stack) -> Vec<(String, String)> {
    let part = STACKS.iter().position(|known| std::ptr::eq(known, stack));
    let mut rng = Rng::part(77, part.unwrap_or_default() as u64);
    let file = |path: &&str| {
        let bytes = 200 + rng.index(1_800);
        ((*path).to_owned(), code(&mut rng, stack, bytes))
    };
    let mut files: Vec<_> = stack.template.iter().map(file).collect();
    files.push((
        ".gitignore".to_owned(),
        format!("/target\nnode_modules/\n.env\n*.{}.orig\n", stack.ending),
    ));
    files
}

/// Returns a library of others, whose files are the same in every project that has it.
pub(super) fn vendored(rng: &mut Rng) -> (&'static str, Vec<(String, String)>) {
    let (name, count, ending) = *rng.pick(VENDORED);
    let mut fixed = Rng::part(78, name.bytes().map(u64::from).sum());
    let folder = *rng.pick(&["vendor", "third_party", "public/vendor"]);
    let file = |number: usize| {
        let bytes = 4_000 + fixed.index(15_000);
        let path = format!("{folder}/{name}/{name}_{number}.{ending}");
        (path, code(&mut fixed, &STACKS[1], bytes))
    };
    (name, (0..count).map(file).collect())
}

/// Returns a lock file, which can be large.
pub(super) fn lock(rng: &mut Rng) -> String {
    let mut text = String::from("# This file is generated.\nversion = 4\n");
    for _ in 0..60 + rng.below(400) {
        let (a, b) = (word(rng), word(rng));
        let (major, minor) = (rng.below(9), rng.below(40));
        text.push_str(&format!("{a}-{b} {major}.{minor}.0 sha1-{}\n", rng.sha()));
    }
    text
}
