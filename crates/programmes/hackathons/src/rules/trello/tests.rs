use super::*;

const TEAM: Uuid = Uuid::from_u128(7);

fn wanted(task: u128, name: &str, state: TaskState) -> Wanted {
    let shown = Shown {
        task: Uuid::from_u128(task),
        team: TEAM,
        title: name,
        assignee: None,
        due_on: Some("2026-11-20"),
        state,
    };
    Wanted::of(shown, "https://guild.example/hackathons/low-tide/board")
}

fn lists() -> BTreeMap<TaskState, String> {
    let all = TaskState::ALL.iter();
    all.map(|state| (*state, state.as_str().to_owned()))
        .collect()
}

fn card(id: &str, wanted: &Wanted) -> Card {
    Card {
        id: id.to_owned(),
        name: wanted.name.clone(),
        desc: wanted.desc.clone(),
        due: wanted.due.clone(),
        closed: false,
        list: wanted.state.as_str().to_owned(),
    }
}

#[test]
fn connections_are_read_or_refused_by_name() {
    let input = |key: &str, token: &str, board: &str| ConnectionInput {
        key: key.to_owned(),
        token: token.to_owned(),
        board: board.to_owned(),
    };
    for typed in [
        "nC8QJJoZ",
        "https://trello.com/b/nC8QJJoZ",
        " https://trello.com/b/nC8QJJoZ/harbor?filter=x ",
    ] {
        let read = Connection::read(&input(" key ", "token", typed)).expect(typed);
        assert_eq!(
            (read.board.as_str(), &*read.credentials),
            ("nC8QJJoZ", "key\ntoken")
        );
    }
    for (field, input) in [
        ("key", input("", "token", "nC8QJJoZ")),
        ("token", input("key", "to\"ken", "nC8QJJoZ")),
        ("token", input("key", &"a".repeat(KEY + 1), "nC8QJJoZ")),
        ("board", input("key", "token", "")),
        ("board", input("key", "token", "../members")),
        (
            "board",
            input("key", "token", "https://evil.example/trello.com/b/nC8QJJoZ"),
        ),
    ] {
        let refused = Connection::read(&input).err().expect(field);
        assert_eq!(refused.field, Some(field));
    }
}

#[test]
fn an_export_that_is_repeated_changes_nothing() {
    let tasks = vec![
        wanted(1, "Draw", TaskState::Open),
        wanted(2, "Paint", TaskState::Done),
    ];
    let first = plan(TEAM, tasks.clone(), &[], &BTreeMap::new(), &lists());
    assert_eq!(first.changes.len(), 2);
    let cards = [card("a", &tasks[0]), card("b", &tasks[1])];
    // Created without a record: they are found by their link.
    let found = plan(TEAM, tasks.clone(), &cards, &BTreeMap::new(), &lists());
    assert_eq!((found.changes.len(), found.found.len()), (0, 2));
    let recorded: BTreeMap<_, _> = found.found.into_iter().collect();
    let again = plan(TEAM, tasks.clone(), &cards, &recorded, &lists());
    assert_eq!(again, Plan::default());
    // A recorded card stays the same when its description was rewritten.
    let mut edited = cards.clone();
    edited[0].desc = "Mine".to_owned();
    let again = plan(TEAM, tasks.clone(), &edited, &recorded, &lists());
    assert_eq!(
        again.changes,
        [Change::Update("a".to_owned(), tasks[0].clone())]
    );
    let gone = plan(
        TEAM,
        tasks[..1].to_vec(),
        &cards,
        &BTreeMap::new(),
        &lists(),
    );
    assert_eq!(gone.changes, [Change::Archive("b".to_owned())]);
    let mut archived = cards.clone();
    archived[1].closed = true;
    let gone = plan(TEAM, tasks[..1].to_vec(), &archived, &recorded, &lists());
    assert_eq!(gone.changes, []);
    let other = plan(
        Uuid::from_u128(8),
        Vec::new(),
        &cards,
        &BTreeMap::new(),
        &lists(),
    );
    assert_eq!(other, Plan::default(), "cards of another team");
}
