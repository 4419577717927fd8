use proptest::prelude::*;

use super::*;

fn winter() -> Timestamp {
    "2026-11-01T12:00:00Z".parse().expect("an instant")
}

fn person(skills: &[&str], zone: Option<Tz>, hackathons: i64) -> PersonTraits {
    PersonTraits {
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
        zone,
        hackathons,
    }
}

fn alone(name: &str, traits: PersonTraits) -> RecommendationCandidate {
    RecommendationCandidate { name: name.to_owned(), people: vec![traits], is_team: false }
}

fn seeker(own: PersonTraits) -> Seeker {
    Seeker { own, mates: Vec::new() }
}

fn names<'a>(seeker: &Seeker, candidates: &'a [RecommendationCandidate]) -> Vec<&'a str> {
    let found = recommend(seeker, candidates, winter()).into_iter();
    found.map(|it| candidates[it.index].name.as_str()).collect()
}

#[test]
fn missing_skills_count_more_than_shared_ones_and_a_near_clock_more_than_a_far_one() {
    let own = seeker(person(&["Rust", "SQL"], Some(Tz::Europe__Lisbon), 2));
    let candidates = [
        alone("same", person(&["rust", "sql"], Some(Tz::Europe__Lisbon), 2)),
        alone("other", person(&["design", "writing"], Some(Tz::Europe__Lisbon), 2)),
        alone("both", person(&["RUST", "design", "writing"], Some(Tz::Europe__Lisbon), 2)),
        alone("far", person(&["RUST", "design", "writing"], Some(Tz::Asia__Tokyo), 2)),
        alone("novice", person(&["rust", "sql"], Some(Tz::Europe__Lisbon), 9)),
    ];
    let expected = ["both", "other", "far", "same", "novice"];
    assert_eq!(names(&own, &candidates), expected);
}

#[test]
fn equal_candidates_are_in_the_order_of_their_names() {
    let same = |name: &str| alone(name, person(&["Go"], None, 0));
    let candidates = [same("cy"), same("Bo"), same("ada"), same("bo")];
    let own = seeker(PersonTraits::default());
    assert_eq!(names(&own, &candidates), ["ada", "Bo", "bo", "cy"]);
    let many: Vec<RecommendationCandidate> = (0..30).map(|it| same(&format!("p{it:02}"))).collect();
    assert_eq!(names(&own, &many).len(), MOST);
}

#[test]
fn reasons_are_sentences() {
    let own = seeker(person(&["Rust"], Some(Tz::Europe__Lisbon), 2));
    let of = |seeker: &Seeker, candidate: RecommendationCandidate| {
        recommend(seeker, &[candidate], winter()).remove(0).reasons
    };
    let theirs = person(&["rust", "Go", "design"], Some(Tz::Europe__Helsinki), 3);
    assert_eq!(
        of(&own, alone("bo", theirs.clone())),
        [
            "Knows design and Go, which you did not name",
            "Also knows rust",
            "Lives 2 hours from your time zone",
            "Has taken part in 3 hackathons, as you have in 2",
        ]
    );
    let led = Seeker { mates: vec![person(&["Design"], None, 0)], ..own.clone() };
    let mate = of(&led, alone("bo", theirs));
    assert_eq!(mate[0], "Knows Go, which your team lacks");
    let team = RecommendationCandidate {
        name: "Gannet".to_owned(),
        people: vec![
            person(&["a", "b", "c"], Some(Tz::Asia__Kolkata), 1),
            person(&["d", "e"], None, 4),
        ],
        is_team: true,
    };
    assert_eq!(
        of(&own, team),
        [
            "Knows a, b, c and 2 more, which you did not name",
            "Everyone lives at most 5 hours 30 minutes from your time zone",
            "Has taken part in 2 hackathons on average, as you have in 2",
        ]
    );
}

#[test]
fn people_without_a_word_have_a_reason() {
    for (theirs, own, says) in [
        (0, 0, "Is new to hackathons, like you"),
        (0, 1, "Is new to hackathons; you have taken part in 1"),
        (1, 0, "Has taken part in 1 hackathon"),
    ] {
        let found = recommend(
            &seeker(person(&[], None, own)),
            &[alone("bo", person(&[], None, theirs))],
            winter(),
        );
        assert_eq!(found[0].reasons, [says]);
    }
    let own = seeker(person(&[], Some(Tz::Europe__Lisbon), 0));
    let same = alone("bo", person(&[], Some(Tz::Europe__London), 0));
    let found = recommend(&own, &[same], winter());
    assert_eq!(found[0].reasons[0], "Lives in a time zone with your time");
}

#[test]
fn clocks_are_at_most_half_a_day_apart() {
    for (one, other, apart) in
        [(0, 0, 0), (-720, 720, 0), (-600, 780, 60), (0, 330, 330), (0, 720, 720)]
    {
        assert_eq!(between(one, other), apart, "{one} and {other}");
        assert_eq!(between(other, one), apart, "{other} and {one}");
    }
}

fn traits() -> impl Strategy<Value = PersonTraits> {
    let skill = proptest::sample::select(vec!["Rust", "rust", "Go", "design", "SQL", "law", " "]);
    let zone = proptest::sample::select(vec![
        None,
        Some(Tz::UTC),
        Some(Tz::Asia__Tokyo),
        Some(Tz::Pacific__Kiritimati),
        Some(Tz::America__St_Johns),
    ]);
    (proptest::collection::vec(skill, 0..6), zone, 0_i64..6)
        .prop_map(|(skills, zone, hackathons)| person(&skills, zone, hackathons))
}

fn candidates() -> impl Strategy<Value = Vec<RecommendationCandidate>> {
    let people = proptest::collection::vec(traits(), 1..4);
    let one = ("[a-cA-C]{1,2}", people, any::<bool>()).prop_map(|(name, people, is_team)| {
        let alone = if is_team { people.len() } else { 1 };
        RecommendationCandidate { name, people: people.into_iter().take(alone).collect(), is_team }
    });
    proptest::collection::vec(one, 0..9)
}

fn seekers() -> impl Strategy<Value = Seeker> {
    let mates = proptest::collection::vec(traits(), 0..3);
    (traits(), mates).prop_map(|(own, mates)| Seeker { own, mates })
}

proptest! {
    /// Everyone is recommended once, with a reason, in an order that does not depend on that of the list.
    #[test]
    fn each_candidate_has_reasons(seeker in seekers(), candidates in candidates()) {
        let found = recommend(&seeker, &candidates, winter());
        prop_assert_eq!(found.len(), candidates.len());
        let mut places: Vec<usize> = found.iter().map(|it| it.index).collect();
        places.sort_unstable();
        prop_assert!(places.into_iter().eq(0..candidates.len()));
        prop_assert!(found.iter().all(|it| !it.reasons.is_empty()));
        prop_assert!(found.iter().flat_map(|it| &it.reasons).all(|it| !it.is_empty()));
        let reversed: Vec<RecommendationCandidate> = candidates.iter().rev().cloned().collect();
        let again = recommend(&seeker, &reversed, winter());
        let first = |found: &[Recommendation], of: &[RecommendationCandidate]| -> Vec<String> {
            found.iter().map(|it| of[it.index].name.clone()).collect()
        };
        prop_assert_eq!(first(&found, &candidates), first(&again, &reversed));
    }

    /// A candidate who learns something that the person lacks is not listed later than before.
    #[test]
    fn a_missing_skill_never_lowers_the_rank(
        seeker in seekers(), candidates in candidates(), chosen in any::<prop::sample::Index>()
    ) {
        prop_assume!(!candidates.is_empty());
        let chosen = chosen.index(candidates.len());
        let place = |candidates: &[RecommendationCandidate]| {
            let found = recommend(&seeker, candidates, winter());
            found.iter().position(|it| it.index == chosen)
        };
        let before = place(&candidates);
        let mut taught = candidates.clone();
        taught[chosen].people[0].skills.push("sailing".to_owned());
        prop_assert!(place(&taught) <= before);
    }
}
