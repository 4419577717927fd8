use super::*;
use crate::rules::board_exports::mark;

const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

#[test]
fn connections_are_read_or_refused_by_name() {
    let input = |key: &str, token: &str, board: &str| ConnectionInput {
        key: key.to_owned(),
        token: token.to_owned(),
        board: board.to_owned(),
    };
    for typed in [
        ID,
        "0123456789ABCDEF0123456789abcdef",
        " https://www.notion.so/harbor/Our-Tasks-0123456789abcdef0123456789abcdef?v=fedcba9876543210fedcba9876543210 ",
        "https://notion.so/0123456789abcdef0123456789abcdef",
        "https://harbor.notion.site/0123456789abcdef0123456789abcdef#top",
    ] {
        let read = connection(&input("", " ntn_abc ", typed)).expect(typed);
        assert_eq!((&*read.board, &*read.credentials), (ID, "ntn_abc"));
    }
    for (field, input) in [
        ("key", input("key", "ntn_abc", ID)),
        ("token", input("", "", ID)),
        ("token", input("", "ntn abc", ID)),
        ("board", input("", "ntn_abc", "")),
        ("board", input("", "ntn_abc", "../users")),
        ("board", input("", "ntn_abc", "{01234567-89ab-cdef-0123-456789abcdef}")),
        ("board", input("", "ntn_abc", "https://www.notion.so/harbor/Tasks-123")),
        ("board", input("", "ntn_abc", "https://evilnotion.so/0123456789abcdef0123456789abcdef")),
        (
            "board",
            input(
                "",
                "ntn_abc",
                "https://evil.example/www.notion.so/0123456789abcdef0123456789abcdef",
            ),
        ),
    ] {
        let refused = connection(&input).err().expect(field);
        assert_eq!(refused.field, Some(field));
    }
}

fn database_of(properties: &Value) -> Layout {
    let body = json!({ "object": "database", "properties": properties });
    read_database(body.to_string().as_bytes()).expect("read")
}

#[test]
fn a_database_gets_the_properties_that_it_lacks() {
    let title = json!({ "id": "title", "type": "title", "title": {} });
    let empty = database_of(&json!({ "What to do": title }));
    assert_eq!((&*empty.title, empty.other), ("What to do", None));
    let missing = empty.missing.expect("properties");
    let options = &missing["properties"]["Status"]["select"]["options"];
    assert_eq!(options[1]["name"], "Doing");
    assert_eq!(missing["properties"]["Task"], json!({ "url": {} }));
    let full = json!({
        "Name": title, "Status": { "type": "select" }, "Assignee": { "type": "rich_text" },
        "Due": { "type": "date" }, "Task": { "type": "url" }, "Mine": { "type": "number" },
    });
    let all = database_of(&full);
    assert_eq!((all.missing, all.other), (None, None));
    let mut other = full;
    other["Status"]["type"] = "status".into();
    let other = database_of(&other).other;
    assert_eq!(other, Some(("Status", "status".to_owned(), "select")));
    assert!(read_database(b"{\"properties\":{}}").is_err());
}

/// A page that has the properties of its task is read with the same fields, so that a repeated export leaves it alone.
#[test]
fn a_page_is_read_with_the_fields_that_were_written() {
    let (team, task) = (Uuid::from_u128(7), Uuid::from_u128(1));
    let shown = ShownTask {
        title: "Draw",
        assignee: Some("bo"),
        due_on: None,
        state: TaskState::Doing,
        link: format!("https://guild.example/board{}", mark(team, task)),
    };
    let fields = fields(&shown, "Name");
    let page = |id: &str, archived: bool| {
        json!({
            "id": id, "archived": archived, "properties": {
                "Name": { "type": "title", "title": [{ "plain_text": "Dr" }, { "plain_text": "aw" }] },
                "Assignee": { "type": "rich_text", "rich_text": [{ "plain_text": "bo" }] },
                "Status": { "type": "select", "select": { "id": "x", "name": "Doing", "color": "red" } },
                "Due": { "type": "date", "date": null },
                "Task": { "type": "url", "url": shown.link },
            }
        })
    };
    let part = |results: Value, has_more: bool| {
        let body = json!({ "results": results, "has_more": has_more, "next_cursor": "c" });
        read_pages(body.to_string().as_bytes(), "Name")
    };
    let read = part(json!([page(ID, false), page(ID, true)]), true).expect("read");
    assert_eq!(read.cards.len(), 1, "archived pages are left out");
    assert_eq!(read.cards[0].fields, fields);
    assert!(read.cards[0].text.ends_with(&mark(team, task)));
    assert_eq!(read.next.as_deref(), Some("c"));
    assert_eq!(part(json!([]), false).expect("read").next, None);
    assert!(part(json!([page("../users", false)]), false).is_err());
    let mut bare = page(ID, false);
    bare["properties"] =
        json!({ "Due": { "date": { "start": "2026-11-20", "end": "2026-11-21" } } });
    let read = part(json!([bare]), false).expect("read");
    assert_eq!(read.cards[0].fields["Due"]["date"]["start"], "2026-11-20/2026-11-21");
}

#[test]
fn messages_are_shown_without_control_characters() {
    let body =
        r#"{"object":"error","status":400,"code":"validation_error","message":"Due is\nwrong"}"#;
    assert_eq!(read_message(body), "Due iswrong");
    assert_eq!(read_message("<html>"), "it gave no reason");
}
