use crate::gaming::{
    changes::{PullContent, file},
    life::{self, PullLife},
    model::{PullScene, Purpose},
    names,
    people::{Care, Habit},
    phrases,
    stage::SketchStage,
};
use testkit::{payloads::Verdict, rng::Rng, story::Act};

/// Honest newcomers who find a junk repository, at default scale.
const STRAYS: usize = 14;

const PROGRAMS: [&str; 14] = [
    "hello_world",
    "bubble_sort",
    "factorial",
    "palindrome",
    "calculator",
    "fibonacci",
    "prime_check",
    "binary_search",
    "reverse_string",
    "linked_list",
    "leap_year",
    "tic_tac_toe",
    "star_pattern",
    "guess_number",
];

const ENDINGS: [&str; 5] = ["py", "java", "c", "js", "cpp"];

/// Members of a cluster add programs to its repositories. Owners merge them at once, or members merge their own.
pub(super) fn farms(stage: &mut SketchStage<'_>) {
    let junk = stage.places(|purpose| matches!(purpose, Purpose::Junk(_)));
    for cluster in 0.. {
        let places: Vec<usize> = junk
            .iter()
            .copied()
            .filter(|at| stage.repositories[*at].purpose == Purpose::Junk(cluster))
            .collect();
        let Some(first) = places.first() else { break };
        for author in stage.repositories[*first].collaborators.clone() {
            for _ in 0..stage.scale.each(&mut stage.rng, 8, 16) {
                let repository = *stage.rng.pick(&places);
                open(stage, author, repository);
            }
        }
    }
    strays(stage, &junk);
}

fn open(stage: &mut SketchStage<'_>, author: usize, repository: usize) {
    let (_, _, at) = stage.opening(author, repository);
    let place = &stage.repositories[repository];
    let owner = place.maintainers[0];
    let careful = stage.people[owner].care == Some(Care::Careful);
    let change = program(&mut stage.rng, careful);
    let members = place.collaborators.iter().copied();
    let members: Vec<usize> = members.filter(|own| stage.people[*own].created_at < at).collect();
    stage.add((author, repository, at), PullScene::Junk, change, |life, _| {
        let merger = if life.rng.chance(25) { *life.rng.pick(&members) } else { owner };
        if careful {
            patient(life, merger);
        } else {
            life.soon(4, 170, merger, Act::Merged);
        }
    });
}

fn patient(life: &mut PullLife<'_>, merger: usize) {
    if merger != life.author && life.rng.chance(60) {
        let act = life::review(Verdict::Approved, phrases::praise(life.rng));
        life.later(40, merger, act);
    }
    life.later(50, merger, Act::Merged);
}

fn program(rng: &mut Rng, careful: bool) -> PullContent {
    if !careful && rng.chance(25) {
        return own_name(rng);
    }
    let (name, ending) = (*rng.pick(&PROGRAMS), *rng.pick(&ENDINGS));
    let words = name.replace('_', " ");
    let path = if rng.chance(35) {
        format!("programs/{name}{}.{ending}", rng.between(1, 40))
    } else {
        format!("{ending}/{name}.{ending}")
    };
    let mut files = vec![file(path, rng.between(6, 120), 0)];
    if careful && rng.chance(50) {
        files.push(file("README.md", rng.between(1, 3), rng.between(0, 1)));
    }
    PullContent {
        title: if rng.chance(40) {
            format!("Create {name}.{ending}")
        } else {
            format!("Add {words} in {ending}")
        },
        body: careful.then(|| format!("Adds an implementation of {words} with comments.")),
        branch: if careful { format!("add-{name}") } else { String::from("main") },
        files,
        label: "good first issue",
    }
}

fn own_name(rng: &mut Rng) -> PullContent {
    let name = names::name(rng);
    PullContent {
        title: format!("Added my name {name}"),
        body: None,
        branch: String::from("main"),
        files: vec![file(format!("contributors/{name}.md"), rng.between(1, 6), 0)],
        label: "good first issue",
    }
}

/// Adds honest newcomers who take the repository for a real one.
fn strays(stage: &mut SketchStage<'_>, junk: &[usize]) {
    let mut people = stage.with_habit(Habit::FirstTimer);
    people.extend(stage.with_habit(Habit::Regular));
    for _ in 0..stage.scale.all(STRAYS) {
        let (author, repository) = (*stage.rng.pick(&people), *stage.rng.pick(junk));
        let opening = stage.opening(author, repository);
        let change = program(&mut stage.rng, true);
        let owner = stage.repositories[repository].maintainers[0];
        stage.add(opening, PullScene::Stray, change, |life, _| {
            life.later(30, owner, Act::Merged);
        });
    }
}
