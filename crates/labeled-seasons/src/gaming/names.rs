//! Logins in the styles that people choose, built from invented names.

use std::collections::HashSet;

use testkit::rng::Rng;

const STARTS: [&str; 28] = [
    "bram", "cael", "dro", "elv", "fen", "gro", "hest", "ilv", "jor", "kes", "lum", "mir", "nav",
    "ork", "pell", "quor", "rost", "sil", "tav", "ulm", "vesh", "wex", "yar", "zim", "ather",
    "brin", "corv", "dusk",
];

const ENDS: [&str; 24] = [
    "adan", "bek", "cott", "dell", "erik", "fane", "gorn", "hild", "ion", "jara", "kin", "lorn",
    "mund", "nelle", "ovin", "pik", "ressa", "stan", "tok", "ulla", "varn", "wick", "yth", "zola",
];

const THINGS: [&str; 24] = [
    "anvil", "badger", "cinder", "dune", "ember", "fjord", "gable", "heron", "inkwell", "juniper",
    "kettle", "lantern", "marlin", "nettle", "otter", "pebble", "quill", "raven", "sparrow",
    "thistle", "urchin", "vellum", "walnut", "yarrow",
];

const TAILS: [&str; 12] =
    ["dev", "codes", "hq", "io", "lab", "oss", "builds", "x", "bits", "works", "git", "zero"];

/// GitHub's maximum length of a login.
const LONGEST: usize = 39;

/// Draws logins, each once.
#[derive(Default)]
pub(super) struct Namer(HashSet<String>);

impl Namer {
    pub(super) fn login(&mut self, rng: &mut Rng) -> String {
        loop {
            let login = draw(rng);
            if self.take(&login) {
                return login;
            }
        }
    }

    /// Draws a login that resembles `base`, as careless people choose for their further accounts.
    pub(super) fn like(&mut self, rng: &mut Rng, base: &str) -> String {
        let root = base.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
        loop {
            let login = match rng.below(3) {
                0 => format!("{root}{}", rng.between(2, 99)),
                1 => format!("{root}-{}", rng.pick(&TAILS)),
                _ => format!("{}-{root}", rng.pick(&TAILS)),
            };
            if self.take(&login) {
                return login;
            }
        }
    }

    /// Reserves a login for an organization or a bot.
    pub(super) fn reserve(&mut self, rng: &mut Rng, wanted: &str) -> String {
        let mut login = wanted.to_owned();
        while !self.take(&login) {
            login = format!("{wanted}-{}", rng.pick(&TAILS));
        }
        login
    }

    fn take(&mut self, login: &str) -> bool {
        login.len() <= LONGEST && self.0.insert(login.to_lowercase())
    }
}

/// Draws a first or last name.
pub(super) fn name(rng: &mut Rng) -> String {
    format!("{}{}", rng.pick(&STARTS), rng.pick(&ENDS))
}

fn draw(rng: &mut Rng) -> String {
    let (first, last, thing) = (name(rng), name(rng), *rng.pick(&THINGS));
    match rng.below(9) {
        0 => format!("{first}-{last}"),
        1 => format!("{first}{}", rng.between(1, 2009)),
        2 => format!("{}{last}", &first[..1]),
        3 => format!("{}{}", capital(&first), capital(&last)),
        4 => format!("{thing}-{first}"),
        5 => format!("{first}-{}", rng.pick(&TAILS)),
        6 => format!("{thing}{}", rng.between(10, 999)),
        7 => format!("{}-{}", capital(&first), capital(thing)),
        _ => format!("{first}{last}"),
    }
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}
