use kernel::Timestamp;

use super::super::{
    draft::{Draft, file},
    world::World,
};
use crate::gaming::{Habit, PullScene, Purpose};

const EXERCISES: &[&str] = &["tokenizer", "parser", "type-checker", "code-generator"];

/// Students of one course hand in the same exercises in the hour before the deadline; the teacher merges all of them in
/// the next morning. Accounts are of the same week, titles and files hardly differ.
pub(super) fn exercises(world: &mut World) {
    let home = world.of(Purpose::Team(5))[0];
    for (place, exercise) in EXERCISES.iter().enumerate() {
        let deadline = 18 + 18 * place as i64;
        for student in world.who(Habit::Student(0)) {
            if world.rng.chance(80) {
                let at = world.on(student, deadline, 21, 24);
                submission(world, student, home, at, place + 1, exercise);
            }
        }
    }
}

fn submission(
    world: &mut World,
    student: usize,
    home: usize,
    at: Timestamp,
    number: usize,
    exercise: &str,
) {
    let teacher = world.repositories[home].maintainers[0];
    let login = world.people[student].account.login.clone();
    let files = vec![
        file(format!("submissions/{login}/{exercise}.c"), world.rng.between(60, 180), 0),
        file(format!("submissions/{login}/README.md"), world.soon(3, 20), 0),
    ];
    let title = format!("Exercise {number}: {exercise}");
    let draft = Draft::new(student, home, PullScene::Course, at).title(title).files(files);
    let wait = world.rng.between(600, 800);
    let draft = if world.rng.chance(60) { draft.approved(wait, teacher, "Passed") } else { draft };
    world.add(draft.head("main").merged(wait + 1, teacher));
}

/// Students of a workshop contribute to one project and must approve each other's change before the teacher merges it.
pub(super) fn workshop(world: &mut World) {
    let home = world.of(Purpose::Team(6))[0];
    let teacher = world.repositories[home].maintainers[0];
    let students = world.who(Habit::Student(1));
    for round in 0..3 {
        for (seat, student) in students.iter().enumerate() {
            // Neighbors at a table review each other.
            let neighbor = students[seat ^ 1];
            let at = world.on(*student, 40 + 7 * round, 10, 12);
            let mut draft = world.real_at(*student, home, PullScene::Course, at);
            draft.unready = false;
            draft.files.truncate(2);
            let wait = world.soon(5, 60);
            let draft = draft.approved(wait, neighbor, "LGTM");
            let after = wait + world.soon(10, 400);
            world.add(draft.merged(after, teacher));
        }
    }
}
