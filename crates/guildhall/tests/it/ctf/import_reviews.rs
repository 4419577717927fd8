//! Reviews that the import shows before it adds anyone, and its last page.

use super::imports::{competitors, import, page, shown};
use crate::app::TestApp;

#[tokio::test]
async fn an_answer_does_not_outlive_the_columns_that_it_was_preselected_for() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let rows = (
        "rows",
        "No.;Name (Last, First);Class;E-mail\n1;Smith, John;10;john@school.example\n\
         2;Smith, John;11;john2@school.example\n",
    );
    let checked = browser.post(&page(roster), &[rows]).await;
    assert!(checked.text.contains("1 person may be known"), "{}", checked.text);
    assert!(!checked.text.contains("value=\"same\" checked"), "another address: {}", checked.text);
    // A name without an address or a grade may be the same person, until a column says otherwise.
    let rows = ("rows", "No.;Name (Last, First);Class\n1;Smith, John;10\n2;Smith, John;11\n");
    let checked = browser.post(&page(roster), &[rows]).await.text;
    let (_, rest) = checked.split_once("name=\"answer.3.").expect("a question");
    let name = format!("answer.3.{}", rest.split('"').next().expect("a name"));
    assert!(checked.contains(&format!("name=\"{name}\" value=\"same\" checked")), "{checked}");
    let columns = [("column.0.No.", "left_out"), ("column.2.Class", "grade")];
    let form = [rows, columns[0], columns[1], (name.as_str(), "same")];
    let imported = import(&browser, roster, &form).await;
    assert_eq!(competitors(&app, roster).await, 1);
    assert!(imported.text.contains("1 person may be known"), "{}", imported.text);
    assert!(!imported.text.contains("value=\"same\" checked"), "{}", imported.text);
    app.finish().await;
}

#[tokio::test]
async fn only_what_was_shown_is_added() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let rows = ("rows", "First,Last,Email,Class\nAda,Quill,ada@school.example,10a\nBo,Reed,bo,9\n");
    let step = ("step", "import");
    let column = ("column.3.Class", "grade");
    let first = browser.post(&page(roster), &[rows]).await;
    for form in [
        vec![rows, column, step],
        vec![rows, column, step, ("shown", "0000")],
        vec![rows, ("column.3.Class", "left_out"), step],
    ] {
        let review = browser.post(&page(roster), &form).await;
        assert_eq!(review.status, 200, "{}", review.text);
        assert!(review.text.contains("1 competitor can be added"), "{}", review.text);
        assert_eq!(competitors(&app, roster).await, 0);
    }
    let first = shown(&first);
    let changed =
        browser.post(&page(roster), &[rows, column, step, ("shown", first.as_str())]).await;
    assert!(changed.text.contains("<td class=\"n\">10</td>"), "the grade: {}", changed.text);
    assert_eq!(competitors(&app, roster).await, 0);
    // A correction is shown too.
    let shown_two = shown(&changed);
    let cell = ("cell.3.2.bo", "bo@school.example");
    let form = [rows, column, cell, step, ("shown", shown_two.as_str())];
    let corrected = browser.post(&page(roster), &form).await;
    assert!(corrected.text.contains("Import 2 competitors"), "{}", corrected.text);
    assert_eq!(competitors(&app, roster).await, 0);
    let shown_three = shown(&corrected);
    let form = [rows, column, cell, step, ("shown", shown_three.as_str())];
    assert_eq!(browser.post(&page(roster), &form).await.status, 303);
    assert_eq!(competitors(&app, roster).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn who_was_left_out_is_listed_by_line() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let rows = "Name,Email\nAda Quill,ada@school.example\nBo Reed,bo@school.example\n\
                ADA QUILL,ada@school.example\n";
    let last = import(&browser, roster, &[("rows", rows)]).await;
    assert_eq!(last.status, 200, "{}", last.text);
    for words in [
        "Added 2 competitors; 1 line is about people who are known.",
        "No line is left.",
        "Not added, because they are known",
        "Line 4: <bdi>ADA QUILL</bdi> is <bdi>Ada Quill, in line 2</bdi>",
    ] {
        assert!(last.text.contains(words), "{words}: {}", last.text);
    }
    assert!(
        !last.text.contains("Check again") && !last.text.contains(">Cancel</a>"),
        "{}",
        last.text
    );
    app.finish().await;
}

#[tokio::test]
async fn a_first_line_that_is_a_person_is_added() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let columns = [
        ("column.0.", "first_name"),
        ("column.1.", "last_name"),
        ("column.2.", "email_school"),
        ("column.3.", "grade"),
    ];
    let rows = "Anna,Baker,anna@school.example,10\nBo,Reed,bo@school.example,9\n";
    let checked = browser.post(&page(roster), &[("rows", rows)]).await.text;
    assert!(checked.contains("What is line 1?"), "{checked}");
    assert!(checked.contains("value=\"person\" required checked"), "{checked}");
    let form: Vec<_> = [("rows", rows)].into_iter().chain(columns).collect();
    assert_eq!(import(&browser, roster, &form).await.status, 303);
    assert_eq!(competitors(&app, roster).await, 2);
    // Without an address, a person decides.
    let bare = ("rows", "Cy,Sand,11\nDi,Teal,12\n");
    let undecided = [
        bare,
        ("column.0.Cy", "first_name"),
        ("column.1.Sand", "last_name"),
        ("column.2.11", "grade"),
    ];
    let refused = import(&browser, roster, &undecided).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("Say whether line 1 (Cy Sand 11)"), "{}", refused.text);
    let decided: Vec<_> = undecided.into_iter().chain([("first_line", "person")]).collect();
    assert_eq!(import(&browser, roster, &decided).await.status, 303);
    assert_eq!(competitors(&app, roster).await, 4);
    app.finish().await;
}

#[tokio::test]
async fn an_error_names_its_column_and_formulas_are_no_names() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let rows = "First,Last,E-mail,Parent e-mail\nAda,Quill,ada@school.example,bo at home\n\
                =cmd|'/c calc'!A1,Reed,,\nCy,Sand,cy@school.example,CY@school.example\n";
    let checked = browser.post(&page(roster), &[("rows", rows)]).await.text;
    for words in [
        "Parent e-mail: This is not a valid email address",
        "begins with =, + or @",
        "Parent e-mail: The parent&#39;s email address is the competitor&#39;s own",
    ] {
        assert!(checked.contains(words), "{words}: {checked}");
    }
    assert_eq!(competitors(&app, roster).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_sheet_of_the_stated_size_is_read() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let note = "n".repeat(800);
    let rows: String = (0..400).map(|n| format!("Ada,Quill{n},{note}\n")).collect();
    let file = format!("First,Last,Notes\n{rows}");
    assert!(file.len() > 300 * 1024);
    let checked = browser.upload(&page(roster), file.as_bytes()).await;
    assert_eq!(checked.status, 200, "{}", checked.text.chars().take(500).collect::<String>());
    let form = browser.get(&page(roster)).await;
    assert!(form.text.contains("CSV, at most 512 KiB"), "{}", form.text);
    app.finish().await;
}
