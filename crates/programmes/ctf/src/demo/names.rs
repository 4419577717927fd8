use testkit::rng::Rng;

use crate::rules::profile::ProfileInput;

/// The names of the teams, in the order of the alphabet.
pub(super) const TEAMS: [&str; 3] = ["Lantern Crew", "Null Owls", "Tide Breakers"];

const FIRST: [&str; 18] = [
    "Ada", "Bo", "Cleo", "Dara", "Emil", "Finn", "Gia", "Hugo", "Ines", "Jude", "Kira", "Leo",
    "Mina", "Noel", "Opal", "Pia", "Rafi", "Suki",
];

const LAST: [&str; 18] = [
    "Alder", "Birch", "Cedar", "Dune", "Elm", "Fern", "Grove", "Heath", "Ivy", "Juniper", "Kelp",
    "Larch", "Moss", "Nettle", "Oak", "Pine", "Reed", "Sage",
];

/// Returns invented profiles.
pub(super) fn profiles(seed: u64, count: usize) -> Vec<ProfileInput> {
    let mut rng = Rng::new(seed);
    let mut last = LAST;
    rng.shuffle(&mut last);
    let names = FIRST.into_iter().zip(last).take(count);
    let profile = |(place, (first, last)): (usize, (&str, &str))| {
        let grade = rng.between(9, 12);
        let is_adult = place % 9 == 8;
        let minor = |text: String| if is_adult { String::new() } else { text };
        let name = |first: &str| format!("{}.{}", first.to_lowercase(), last.to_lowercase());
        ProfileInput {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            only_name: String::new(),
            email_school: format!("{}@harbor.example", name(first)),
            email_personal: String::new(),
            is_18_or_over: if is_adult { "yes" } else { "no" }.to_owned(),
            grade: if is_adult { 12 } else { grade }.to_string(),
            years_competing: rng.between(0, 4).to_string(),
            parent_name: minor(format!("Robin {last}")),
            parent_email: minor(format!("{}@home.example", name("robin"))),
        }
    };
    names.enumerate().map(profile).collect()
}
