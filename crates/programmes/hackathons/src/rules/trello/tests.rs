use uuid::Uuid;

use super::*;
use crate::rules::board_exports::{KEY, mark};

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
        let read = connection(&input(" key ", "token", typed)).expect(typed);
        assert_eq!((read.board.as_str(), &*read.credentials), ("nC8QJJoZ", "key\ntoken"));
    }
    for (field, input) in [
        ("key", input("", "token", "nC8QJJoZ")),
        ("token", input("key", "to\"ken", "nC8QJJoZ")),
        ("token", input("key", &"a".repeat(KEY + 1), "nC8QJJoZ")),
        ("board", input("key", "token", "")),
        ("board", input("key", "token", "../members")),
        ("board", input("key", "token", "https://evil.example/trello.com/b/nC8QJJoZ")),
    ] {
        let refused = connection(&input).err().expect(field);
        assert_eq!(refused.field, Some(field));
    }
}

/// A card that has the fields of its task is read with the same fields, so that a repeated export leaves it alone.
#[test]
fn a_card_is_read_with_the_fields_that_were_written() {
    let states = TaskState::ALL.iter();
    let lists: BoardLists = states.map(|it| (*it, it.as_str().to_owned())).collect();
    let (team, task) = (Uuid::from_u128(7), Uuid::from_u128(1));
    let shown = ShownTask {
        title: "Draw",
        assignee: None,
        due_on: Some("2026-11-20"),
        state: TaskState::Doing,
        link: format!("https://guild.example/board{}", mark(team, task)),
    };
    let fields = fields(&shown, &lists);
    assert_eq!(fields["idList"], "doing");
    let mut stated = fields.clone();
    stated["id"] = "a1".into();
    stated["closed"] = true.into();
    let cards = read_cards(json!([stated]).to_string().as_bytes()).expect("read");
    assert_eq!(cards[0].fields, fields);
    assert!(cards[0].is_archived && cards[0].text.ends_with(&mark(team, task)));
    stated["id"] = "../a1".into();
    assert!(read_cards(json!([stated]).to_string().as_bytes()).is_err());
}
