use super::world::World;

const GIVEN: &[&str] = &[
    "amina", "bruno", "chidi", "dagny", "elif", "farid", "greta", "hiro", "ines", "jonas", "kavya",
    "leandro", "mei", "nadia", "oskar", "priya", "quentin", "rosa", "samir", "tuva", "umar",
    "vera", "wanjiru", "xiulan", "yusuf", "zofia", "anders", "bela", "catarina", "duc", "emeka",
    "fatou", "goran", "hana", "ivo", "jaya", "kofi", "lucia", "manish", "noor", "olena", "pavel",
    "rahel", "sefa", "thabo", "usha", "viktor", "wiktoria", "yara", "zeynep",
];

const FAMILY: &[&str] = &[
    "abara",
    "berglund",
    "castro",
    "dvorak",
    "ekdahl",
    "fontaine",
    "ghosh",
    "holm",
    "iwata",
    "jansen",
    "kaplan",
    "lindqvist",
    "moreau",
    "nakano",
    "okoye",
    "petrov",
    "quispe",
    "rossi",
    "sato",
    "tanaka",
    "ueda",
    "varga",
    "weiss",
    "yilmaz",
    "zeman",
    "adeyemi",
    "bhatt",
    "costa",
    "demir",
    "eze",
    "farkas",
    "gupta",
    "haddad",
    "ilic",
    "joshi",
    "kim",
    "lopez",
    "mensah",
    "novak",
    "osei",
    "park",
    "reddy",
    "silva",
    "torres",
    "vos",
    "wong",
];

const THINGS: &[&str] = &[
    "badger", "cedar", "drizzle", "ember", "fjord", "gravel", "harbor", "inkwell", "juniper",
    "kestrel", "lantern", "marble", "nettle", "orchid", "pebble", "quartz", "raven", "sparrow",
    "thistle", "umbra", "violet", "walnut",
];

const PROJECTS: &[&str] = &[
    "anvil",
    "beacon",
    "copperline",
    "driftwood",
    "echolot",
    "fathom",
    "gantry",
    "hearth",
    "isobar",
    "joinery",
    "keystone",
    "loom",
    "millrace",
    "northwind",
    "outpost",
    "parlor",
    "quarry",
    "rivet",
    "shoal",
    "tidemark",
    "undertow",
    "vellum",
    "weir",
    "yardarm",
    "zephyr",
    "almanac",
    "bollard",
    "causeway",
    "dovetail",
    "estuary",
    "flume",
    "girder",
    "halyard",
    "inlet",
    "jetty",
    "kiln",
    "ledge",
    "moraine",
    "nacelle",
    "orchard",
];

impl World {
    /// Returns an invented login in one of many styles.
    pub(super) fn login(&mut self) -> String {
        let given = *self.rng.pick(GIVEN);
        let family = *self.rng.pick(FAMILY);
        let thing = *self.rng.pick(THINGS);
        match self.rng.below(8) {
            0 => format!("{given}{family}"),
            1 => format!("{given}-{family}"),
            2 => format!("{}{family}{}", &given[..1], self.rng.between(1, 99)),
            3 => format!("{thing}{given}"),
            4 => format!("the-{thing}-{}", self.rng.between(2, 40)),
            5 => format!("{given}{}", self.rng.between(1985, 2007)),
            6 => format!("{family}-dev"),
            _ => format!("{given}codes"),
        }
    }

    pub(super) fn project_name(&mut self) -> String {
        let name = (*self.rng.pick(PROJECTS)).to_owned();
        let name = match self.rng.below(5) {
            0 => format!("{name}-core"),
            1 => format!("{name}-ui"),
            2 => format!("lib{name}"),
            _ => name,
        };
        self.unique(&name)
    }

    /// Returns a given name as people write it.
    pub(super) fn given(&mut self) -> String {
        let given = *self.rng.pick(GIVEN);
        format!("{}{}", given[..1].to_uppercase(), &given[1..])
    }
}
