//! The latest moments, on the page that visitors see first.

use std::{cmp::Reverse, collections::HashSet};

use identity::model::ProfilePart;
use kernel::listed;
use platform::module::FrontMoment;
use ui::{
    Who, drawn_as,
    format::{self, Instant},
    patterns::Shape,
};

use super::front_people::FrontPeople;
use crate::{model::Rarity, reads::LatestBadge};

/// The number of moments shown, beside the one that is shown large.
const MOMENTS: usize = 4;

/// The number of faces of a team.
const FACES: usize = 4;

/// Something that happened, with the name of the person.
pub(super) struct Moment {
    pub(super) at: Instant,
    kind: &'static str,
    is_routine: bool,
    pub(super) person: Option<Who>,
    /// The people who did it together, and their names in words.
    pub(super) people: Vec<Who>,
    pub(super) names: String,
    /// The logins of all of them, of whom some have no face here.
    logins: HashSet<String>,
    pub(super) words: String,
    pub(super) title: String,
    pub(super) address: String,
    pub(super) line: String,
    pub(super) picture: Option<String>,
}

/// Divides moments, the latest first: the one that is shown large, which is the work of people if there is one, and some others.
pub(super) fn lately(mut moments: Vec<Moment>) -> (Option<Moment>, Vec<Moment>) {
    let is_drawn = |moment: &Moment| moment.picture.is_some();
    let of_people = |moment: &Moment| is_drawn(moment) && !moment.people.is_empty();
    let led = moments.iter().position(of_people).or_else(|| moments.iter().position(is_drawn));
    let led = led.map(|place| moments.remove(place));
    if let Some(led) = &led {
        // Another victory beside this one, or another moment of its people, would read like the same one.
        let is_of_led = |who: &Who| led.logins.contains(&who.login);
        moments.retain(|moment| {
            moment.kind != led.kind && !moment.person.as_ref().is_some_and(is_of_led)
        });
    }
    (led, mixed(moments))
}

/// Chooses moments, the latest first: one of each kind and of each person, then others. Of one kind, those of people with a
/// name come first. Of what happens every day, one is enough, and it comes last.
fn mixed(mut moments: Vec<Moment>) -> Vec<Moment> {
    let is_named = |moment: &Moment| match &moment.person {
        Some(who) => who.name.is_some(),
        None => true,
    };
    moments.sort_by_key(|moment| (moment.is_routine, !is_named(moment)));
    let mut people = HashSet::new();
    moments.retain(|moment| match &moment.person {
        Some(who) => people.insert(who.login.clone()),
        None => true,
    });
    let mut kinds = HashSet::new();
    let (mut chosen, others): (Vec<Moment>, Vec<Moment>) =
        moments.into_iter().partition(|moment| kinds.insert(moment.kind));
    chosen.truncate(MOMENTS);
    let missing = MOMENTS - chosen.len();
    chosen.extend(others.into_iter().filter(|moment| !moment.is_routine).take(missing));
    chosen.sort_by_key(|moment| (moment.is_routine, Reverse(moment.at)));
    chosen
}

/// Describes a badge that a person earned.
pub(super) fn earned(badge: LatestBadge) -> FrontMoment {
    let words = match badge.rarity {
        Rarity::Common => "earned a badge",
        Rarity::Rare => "earned a rare badge",
        Rarity::Epic => "earned an epic badge",
        Rarity::Legendary => "earned a legendary badge",
    };
    FrontMoment {
        at: badge.awarded_at,
        kind: "badge",
        is_routine: false,
        part: ProfilePart::Badges.as_str(),
        person: Some(badge.user_id),
        words: words.to_owned(),
        link: (badge.name, format!("/badges/{}", format::segment(&badge.slug))),
        line: badge.description.trim_end_matches('.').to_owned(),
        picture: None,
        stored: None,
        people: Vec::new(),
        otherwise: None,
    }
}

/// Describes a moment, or what is shown otherwise if its person may not be named.
pub(super) fn moment(own: FrontMoment, people: &FrontPeople) -> Option<Moment> {
    let part = own.part;
    let named = |id| people.beside(id, part).cloned();
    let person = match own.person.map(named) {
        Some(None) => return moment(*own.otherwise?, people),
        named => named.flatten(),
    };
    let (title, address) = own.link;
    let drawn = own.picture.map(|(kind, name)| drawn_as(Shape::Field, kind, &name));
    let team: Vec<Who> = own.people.into_iter().filter_map(named).collect();
    Some(Moment {
        at: Instant(own.at),
        kind: own.kind,
        is_routine: own.is_routine,
        person,
        names: names(&team),
        logins: team.iter().map(|who| who.login.clone()).collect(),
        people: team.into_iter().take(FACES).collect(),
        words: own.words,
        title,
        address,
        line: own.line,
        picture: own.stored.or(drawn),
    })
}

/// Returns the names of the people of a team; the number of those after the first ones.
fn names(team: &[Who]) -> String {
    let mut names: Vec<String> =
        team.iter().take(FACES).map(|who| format::tame(who.called())).collect();
    if team.len() > FACES {
        names.truncate(FACES - 1);
        names.push(format!("{} others", team.len() - names.len()));
    }
    listed(&names, "and")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use kernel::Timestamp;

    use super::*;

    fn moment(kind: &'static str, minute: i64) -> Moment {
        Moment {
            at: Instant(Timestamp::UNIX_EPOCH - TimeDelta::minutes(minute)),
            kind,
            is_routine: kind == "merge",
            person: None,
            people: Vec::new(),
            names: String::new(),
            logins: HashSet::new(),
            words: String::new(),
            title: minute.to_string(),
            address: String::new(),
            line: String::new(),
            picture: None,
        }
    }

    fn by(login: &str, kind: &'static str, minute: i64) -> Moment {
        Moment { person: Some(Who::of(login)), ..moment(kind, minute) }
    }

    fn titles(moments: &[Moment]) -> Vec<&str> {
        moments.iter().map(|moment| &*moment.title).collect()
    }

    #[test]
    fn moments_are_of_different_kinds_and_one_is_routine() {
        for (kinds, shown) in [
            (&["merge", "merge", "first", "win", "badge"][..], &["2", "3", "4", "0"][..]),
            (&["merge", "first", "first", "first", "win"], &["1", "2", "4", "0"]),
            (&["first", "first", "first", "first", "first"], &["0", "1", "2", "3"]),
            (&["merge", "merge", "merge"], &["0"]),
            (&["merge", "win", "first", "badge", "season"], &["1", "2", "3", "4"]),
        ] {
            let all = kinds.iter().zip(0..).map(|(kind, minute)| moment(kind, minute)).collect();
            assert_eq!(titles(&mixed(all)), shown, "{kinds:?}");
        }
    }

    #[test]
    fn each_person_has_one_moment_and_those_with_names_come_first() {
        let mut named = by("ada", "first", 3);
        named.person = Some(Who { name: Some("Ada".to_owned()), ..Who::of("ada") });
        let all = vec![by("bo", "badge", 0), by("bo", "first", 1), by("cy", "merge", 2), named];
        assert_eq!(titles(&mixed(all)), ["0", "3", "2"]);
    }

    #[test]
    fn the_work_of_people_is_shown_large() {
        let drawn = |kind: &'static str, minute| Moment {
            picture: Some(String::new()),
            people: if kind == "win" { vec![Who::of("ada")] } else { Vec::new() },
            logins: (kind == "win").then(|| "ada".to_owned()).into_iter().collect(),
            ..moment(kind, minute)
        };
        let all = || vec![by("ada", "badge", 0), drawn("season", 1), by("bo", "first", 2)];
        let (led, others) = lately(all());
        assert_eq!(led.map(|led| led.kind), Some("season"));
        assert_eq!(titles(&others), ["0", "2"]);
        let (led, others) = lately(all().into_iter().chain([drawn("win", 3)]).collect());
        assert_eq!(led.map(|led| led.kind), Some("win"));
        assert_eq!(titles(&others), ["1", "2"], "nothing else of its people");
        assert!(lately(vec![moment("merge", 0)]).0.is_none());
    }

    #[test]
    fn large_teams_are_counted_after_three_names() {
        let team = |count: usize| -> Vec<Who> {
            ["ada", "bo", "cy", "di", "ed"].iter().take(count).map(|name| Who::of(*name)).collect()
        };
        for (count, words) in
            [(0, ""), (2, "ada and bo"), (4, "ada, bo, cy and di"), (5, "ada, bo, cy and 2 others")]
        {
            assert_eq!(names(&team(count)), words);
        }
    }
}
