//! Spreadsheets as people make them: in each, everyone is found once, and nothing is left out without a word.

use std::collections::BTreeMap;

use encoding_rs::WINDOWS_1252;

use super::*;

const ADA: &str = "Ada Quill ada@school.example 10";
const BO: &str = "Bo Reed bo@school.example 9";

fn utf_16(text: &str, is_big: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

struct Read {
    mapping: Mapping,
    review: Review,
    sheet: Sheet,
}

fn read_with(bytes: &[u8], known: &[KnownPerson], answers: &[(usize, Answer)]) -> Read {
    let text = decode(bytes).expect("text").text;
    let sheet = Sheet::read(&text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    let again = Sheet::read(&sheet.text()).expect("written");
    assert_eq!((&again.headings, &again.rows), (&sheet.headings, &sheet.rows), "{text}");
    let mapping = Mapping::of(&sheet, &BTreeMap::new());
    let rows = RosterRows::of(&sheet, &mapping);
    let review = review(rows, known, &answers.iter().copied().collect());
    Read { mapping, review, sheet }
}

fn read(bytes: &[u8]) -> Read {
    read_with(bytes, &[], &[])
}

/// Describes those who would be added.
fn added(review: &Review) -> Vec<String> {
    let person = |it: &Candidate| {
        let grade = it.profile.grade.map(|grade| grade.to_string());
        let parts = [Some(it.profile.name()), it.profile.email().map(str::to_owned), grade];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    review.add.iter().map(person).collect()
}

fn roster(review: &Review) -> Vec<KnownPerson> {
    let person = |it: &Candidate| KnownPerson {
        name: it.profile.name(),
        grade: it.profile.grade,
        addresses: it.profile.email().map(str::to_owned).into_iter().collect(),
    };
    review.add.iter().map(person).collect()
}

#[test]
fn sheets_of_many_habits_have_everyone_once() {
    let plain = "First name,Last name,E-mail,Grade\r\nAda,Quill,ada@school.example,10\r\nBo,Reed,bo@school.example,9\r\n";
    let sheets: Vec<(&str, Vec<u8>)> = vec![
        ("plain", plain.into()),
        ("byte order mark", format!("\u{feff}{plain}").into()),
        ("UTF-16, little end first", utf_16(plain, false)),
        ("UTF-16, big end first", utf_16(plain, true)),
        ("old line ends", plain.replace("\r\n", "\r").into()),
        ("no last line end", plain.trim_end().into()),
        ("semicolons", plain.replace(',', ";").into()),
        ("tabs, as pasted", plain.replace(',', "\t").into()),
        ("bars", plain.replace(',', "|").into()),
        ("stated separator", format!("sep=;\r\n{}", plain.replace(',', ";")).into()),
        ("another stated separator", format!("SEP=^\n{}", plain.replace(',', "^")).into()),
        ("quoted", plain.replace("Ada", "\"Ada\"").replace("9\r", "\"9\"\r").into()),
        ("line break in a cell", plain.replace("Quill", "\"\nQuill\"").into()),
        ("spaces", plain.replace(',', " , ").into()),
        ("empty lines and columns", plain.replace("\r\n", ",,\r\n\r\n,,,\r\n").into()),
        ("capitals", plain.replace("First name,Last name,E-mail,Grade", "FIRST_NAME,lastName,EMail Address,GRADE LEVEL").into()),
        ("surname first", "Surname;Given Name(s);Year;School e-mail\nQuill;Ada;Year 10;ada@school.example\nReed;Bo;9th;bo@school.example".into()),
        ("one column", "Name,Email,Year\nAda Quill,ada@school.example,10\nBo Reed,bo@school.example,9.0\n".into()),
        ("last, first", "\"Last, First\",Email,Grade\n\"Quill, Ada\",ada@school.example,10\n\"Reed, Bo\",bo@school.example,9\n".into()),
        ("last, first, unquoted", "Last, First;Email;Grade\nQuill, Ada;ada@school.example;10\nReed, Bo;bo@school.example;9\n".into()),
        ("surname and name", "Surname Name\tE-Mail\tGr.\nQuill Ada\tada@school.example\t10th grade\nReed Bo\tbo@school.example\tgrade 9\n".into()),
        ("German", "Nachname;Vorname;E-Mail;Grade\nQuill;Ada;ada@school.example;10\nReed;Bo;bo@school.example;9".into()),
        ("French", "Prénom;Surname;Mail;Grade\nAda;Quill;ada@school.example;10\nBo;Reed;bo@school.example;9".into()),
        ("title", format!("Harbor High 2026/27,,,\r\n\r\n{plain}").into()),
        ("repeated headings", format!("{plain}{plain}").into()),
        ("a double", format!("{plain}BO,reed,Bo@School.example,9\r\n").into()),
        ("names in two ways", "Name,First name,Last name,Email,Grade\nAda Quill,Ada,Quill,ada@school.example,10\nBo Reed,,,bo@school.example,9".into()),
        ("notes", plain.replace(",10", ",10,\"\"").replace("Grade", "Grade,Notes").into()),
        ("required marks", plain.replace("First name", "First Name*").replace("E-mail", "E-mail (required)").into()),
        (
            "dashes",
            plain.replace("Grade", "Grade,Personal e-mail").replace(",10", ",10,-").replace(",9", ",9,N/A").into(),
        ),
    ];
    assert!(sheets.len() >= 30);
    for (name, bytes) in sheets {
        let Read { mapping, review, sheet } = read(&bytes);
        assert_eq!(mapping.check(), Ok(()), "{name}");
        assert_eq!(added(&review), [ADA, BO], "{name}");
        assert_eq!((review.bad.len(), review.questions.len()), (0, 0), "{name}: {review:?}");
        let again = read_with(&bytes, &roster(&review), &[]).review;
        assert_eq!((again.add.len(), again.known.len()), (0, sheet.rows.len()), "{name} again");
    }
}

#[test]
fn names_keep_their_characters_in_every_encoding() {
    let text = "Vorname;Nachname\nZoë;Müller-Ørsted\nFrançois;L’Étoile\n";
    let (western, _, _) = WINDOWS_1252.encode(text);
    for bytes in [text.as_bytes().to_vec(), western.into_owned(), utf_16(text, false)] {
        let review = read(&bytes).review;
        assert_eq!(added(&review), ["Zoë Müller-Ørsted", "François L’Étoile"]);
    }
    for damaged in
        [&b"\xef\xbb\xbfname\nZo\xff"[..], b"PK\x03\x04\x00\x00name", b"n\0a\0m\0e\0\n\0A\0d\0a\0"]
    {
        assert_eq!(decode(damaged).expect_err("refused").field, Some("rows"));
    }
    assert!(decode(&vec![b'a'; LONGEST + 1]).is_err());
    let lost = read("first,last\nAda,Qu\u{fffd}ll\n".as_bytes()).review;
    assert!(lost.bad[0].reason.contains("was lost"), "{lost:?}");
}

#[test]
fn names_are_split_into_first_and_last() {
    for (name, first, last) in [
        ("Ada Quill", "Ada", "Quill"),
        ("Quill, Ada", "Ada", "Quill"),
        ("Quill, Ada Mae", "Ada Mae", "Quill"),
        ("Ada Mae Quill", "Ada Mae", "Quill"),
        ("Ada van der Quill", "Ada", "van der Quill"),
        ("Ada Quill Jr.", "Ada", "Quill Jr."),
        ("Ada Quill, Jr.", "Ada", "Quill, Jr."),
        ("ada quill", "ada", "quill"),
        ("Ada", "Ada", ""),
        ("Ada Jr", "Ada", "Jr"),
        ("'-Ada Quill", "-Ada", "Quill"),
        ("'Akamai Quill", "'Akamai", "Quill"),
    ] {
        let review = read(format!("Name,Grade\n\"{name}\",9\n").as_bytes()).review;
        let profile = &review.add[0].profile;
        assert_eq!(
            (profile.first_name.as_str(), profile.last_name.as_str()),
            (first, last),
            "{name}"
        );
    }
    // One name, in either column.
    let review = read(b"First name,Last name\nAda,\n,Bo\nCy,-\n").review;
    assert_eq!(added(&review), ["Ada", "Bo", "Cy"]);
    assert!(review.add.iter().all(|row| row.profile.last_name.is_empty()));
}

#[test]
fn unknown_columns_are_named_until_someone_decides() {
    use ColumnField::{EmailPersonal, EmailSchool, FirstName, Grade, LastName, LeftOut};
    let text = "First name,Last name,Shoe size,Email,E-mail,,Empty\nAda,Quill,39,ada@a.example,a@b.example,x,\n";
    let sheet = Sheet::read(text).expect("read");
    let fields = |mapping: &Mapping| -> Vec<_> { mapping.0.iter().map(|it| it.field).collect() };
    let mapping = Mapping::of(&sheet, &BTreeMap::new());
    let known = [Some(FirstName), Some(LastName), None, Some(EmailSchool), None, None, None];
    assert_eq!(fields(&mapping), known);
    let refused = mapping.check().expect_err("unknown").detail;
    assert!(refused.contains("Shoe size, E-mail, Column 6 without a heading."), "{refused}");
    let chosen = BTreeMap::from([(2, LeftOut), (4, EmailPersonal), (5, LeftOut)]);
    let mapping = Mapping::of(&sheet, &chosen);
    assert_eq!(mapping.check(), Ok(()));
    let rows = RosterRows::of(&sheet, &mapping);
    let profile = &rows.good[0].profile;
    let addresses = (profile.email_school.as_deref(), profile.email_personal.as_deref());
    assert_eq!(addresses, (Some("ada@a.example"), Some("a@b.example")));
    let twice = BTreeMap::from([(2, Grade), (4, LeftOut), (5, Grade)]);
    let refused = Mapping::of(&sheet, &twice).check().expect_err("repeated").detail;
    assert!(refused.contains("Column 6"), "{refused}");
    // A field that was chosen for another column is free.
    let moved = Mapping::of(&sheet, &BTreeMap::from([(4, EmailSchool)]));
    assert_eq!((moved.0[3].field, moved.0[4].field), (None, Some(EmailSchool)));
    // Cells beyond the headings are a column as well.
    let wide = read(b"First,Last\nAda,Quill,10\n");
    assert!(wide.mapping.check().is_err());
}

#[test]
fn the_list_of_competitors_is_read_as_it_was_exported() {
    let file = "\u{feff}name,grade,team,username,status,sync_error\r\n\
                \"Ada Quill\",\"10\",\"Null Owls\",\"ada.quill\",\"Complete\",\"\"\r\n\
                \"Bo\",\"\",\"\",\"\",\"To confirm\",\"No email address. Add one, and retry.\"\r\n\
                \"Erased competitor\",\"\",\"\",\"\",\"Erased\",\"\"\r\n";
    let Read { mapping, review, .. } = read(file.as_bytes());
    assert_eq!(mapping.check(), Ok(()));
    assert_eq!(added(&review), ["Ada Quill 10", "Bo"]);
    assert!(review.bad[0].reason.contains("was erased"));
    let again = read_with(file.as_bytes(), &roster(&review), &[]).review;
    let likely: Vec<_> = again.questions.iter().map(|it| it.is_likely).collect();
    assert_eq!((again.add.len(), likely), (0, vec![true, true]));
}

#[test]
fn the_same_name_is_asked_about_and_the_same_address_is_known() {
    let known = [KnownPerson {
        name: "Zoë O’Brien".to_owned(),
        grade: Some(10),
        addresses: vec!["zoe@school.example".to_owned()],
    }];
    let text = "Name,Email,Grade\nZOE OBRIEN,Zoe@School.example,10\n\"O'Brien, Zoe\",,10\nZoe O'Brien,z@home.example,11\n\
                Zoe O'Brien,,\nBo Reed,zoe@school.example,9\nAda Quill,,9\nAda Quill,,9\n";
    let review = read_with(text.as_bytes(), &known, &[]).review;
    let lines =
        |it: &[Question]| it.iter().map(|it| (it.candidate.line, it.is_likely)).collect::<Vec<_>>();
    assert_eq!(review.known.iter().map(|it| it.line).collect::<Vec<_>>(), [2]);
    assert_eq!(lines(&review.questions), [(3, true), (4, false), (5, true), (8, true)]);
    assert_eq!(review.questions[3].like, "Ada Quill, grade 9, in line 7");
    assert_eq!(review.bad[0].line, 6);
    assert!(review.bad[0].reason.starts_with("Zoë O’Brien, grade 10, on the roster has the same"));
    assert_eq!(added(&review), ["Ada Quill 9"]);
    let answers = [(3, Answer::Same), (4, Answer::Other), (8, Answer::Other)];
    let review = read_with(text.as_bytes(), &known, &answers).review;
    assert_eq!(added(&review), ["Zoe O'Brien z@home.example 11", "Ada Quill 9", "Ada Quill 9"]);
    assert_eq!(lines(&review.questions), [(5, true)]);
    assert!(review.is_open(5) && review.is_open(6) && !review.is_open(3));
}

#[test]
fn people_with_different_addresses_are_not_likely_the_same() {
    let known = [KnownPerson {
        name: "Ada Quill".to_owned(),
        grade: None,
        addresses: vec!["ada@school.example".to_owned()],
    }];
    for (line, is_likely) in
        [("Ada Quill,ada@home.example,10", false), ("Ada Quill,,10", true), ("Ada Quill,,", true)]
    {
        let text = format!("Name,Email,Grade\n{line}\n");
        let review = read_with(text.as_bytes(), &known, &[]).review;
        assert_eq!(review.questions[0].is_likely, is_likely, "{line}");
    }
}

#[test]
fn a_first_line_with_an_address_is_a_person() {
    let first = |text: &str| {
        let sheet = Sheet::read(text).expect("read");
        let first = sheet.first_line().map(|(row, first)| (row.line, first));
        (first, sheet.rows.len())
    };
    for (text, expected, rows) in [
        ("Anna,Baker,anna@a.example,10\nBo,Reed,bo@a.example,9\n", Some((1, FirstLine::Person)), 2),
        ("Anna,Baker,anna@a.example,18\n", Some((1, FirstLine::Person)), 1),
        ("Anna,Baker,10\nBo,Reed,9\n", Some((1, FirstLine::Headings)), 1),
        ("First,Last,10\nBo,Reed,9\n", None, 1),
    ] {
        assert_eq!(first(text), (expected, rows), "{text}");
    }
    let bare = Sheet::read("Anna,Baker,10\nBo,Reed,9\n").expect("read");
    let people = bare.clone().beginning_with(FirstLine::Person);
    assert_eq!((people.rows.len(), people.rows[0].line), (2, 1));
    assert_eq!(people.clone().beginning_with(FirstLine::Person), people);
    assert_eq!(people.beginning_with(FirstLine::Headings), bare);
    let known = Sheet::read("First,Last\nBo,Reed\n").expect("read");
    assert_eq!(known.clone().beginning_with(FirstLine::Person), known);
}

#[test]
fn a_class_is_read_as_its_grade() {
    for (cell, grade) in [
        ("10a", Some(10)),
        ("10 B", Some(10)),
        ("10-c", Some(10)),
        ("9/d", Some(9)),
        ("Class 10a", Some(10)),
        ("\"10,0\"", Some(10)),
        ("10.0", Some(10)),
        ("10th", Some(10)),
        ("10-12", None),
        ("10abc", None),
        ("10.5", None),
        ("a10", None),
    ] {
        let review = read(format!("Name,Grade\nAda Quill,{cell}\n").as_bytes()).review;
        let read = review.add.first().and_then(|it| it.profile.grade);
        assert_eq!((read, review.bad.len()), (grade, usize::from(grade.is_none())), "{cell}");
    }
}

#[test]
fn a_wrong_address_names_its_column() {
    let text =
        "Name,Email,Home e-mail,Parent email\nAda Quill,a@a.example,b,\nBo Reed,,,c\nCy Sand,d,,\n";
    let bad = read(text.as_bytes()).review.bad;
    let columns = bad.iter().map(|it| it.reason.split(':').next().unwrap_or_default());
    assert_eq!(columns.collect::<Vec<_>>(), ["Home e-mail", "Parent email", "Email"]);
}

#[test]
fn each_address_belongs_to_one_line() {
    let names = "first_name,last_name,email_school,email_personal\n";
    for (lines, bad) in [
        (
            "Ada,Quill,ada@school.example,ada@home.example\nBo,Reed,bo@school.example,ADA@home.example\n",
            vec![3],
        ),
        ("Ada,Quill,ada@school.example,\nBo,Reed,,ada@school.example\n", vec![3]),
        // The address of a refused line is free.
        (
            "Ada,Quill,ada@school.example,\nBo,Reed,bo@school.example,ada@school.example\nCy,Sand,bo@school.example,\n",
            vec![3],
        ),
        ("Ada,Quill,ada@school.example,ada@school.example\nBo,Reed,bo@school.example,\n", vec![]),
    ] {
        let review = read(format!("{names}{lines}").as_bytes()).review;
        assert_eq!(review.bad.iter().map(|row| row.line).collect::<Vec<_>>(), bad, "{lines}");
    }
}

#[test]
fn a_bad_line_has_its_number_in_the_spreadsheet_and_can_be_corrected() {
    let text = "First,Last,Email,Grade,Adult\n\n\"Ada\nMae\",Quill,,10,no\nBo,Reed,bo at school,9,n\nCy,Sand,,99,y\n,,cy@a.example,,\n\
                Di,Teal,,ninth,x\nEd,Umber,,-1,perhaps\n";
    let mut sheet = Sheet::read(text).expect("read");
    let mapping = Mapping::of(&sheet, &BTreeMap::new());
    let bad = |sheet: &Sheet| -> Vec<usize> {
        RosterRows::of(sheet, &mapping).bad.iter().map(|row| row.line).collect()
    };
    assert_eq!(bad(&sheet), [4, 5, 6, 7, 8]);
    sheet.edit(4, 2, " bo@school.example ");
    sheet.edit(5, 3, "9");
    sheet.edit(6, 0, "Cy");
    sheet.edit(99, 0, "Ada");
    assert_eq!(bad(&Sheet::read(&sheet.text()).expect("written")), [7, 8]);
}

#[test]
fn what_cannot_be_read_is_refused_with_the_reason() {
    let many = format!("first,last\n{}", "a,b\n".repeat(MOST + 1));
    let wide = format!("first,last\n{}x", "a,".repeat(MOST_COLUMNS));
    let long = format!("first,last\nAda,{}", "a".repeat(LONGEST_CELL + 1));
    let huge = "a".repeat(LONGEST + 1);
    for (text, reason) in [
        ("", "There are no competitors"),
        ("first_name,last_name\n\n,\n", "There are no competitors"),
        (many.as_str(), "at most 500"),
        (wide.as_str(), "The sheet has 51 columns"),
        (long.as_str(), "Line 2 has a cell of more than 1000 characters"),
        (huge.as_str(), "larger than 512 KiB"),
        (
            "first,last\nAda,\"Quill\nBo,Reed\n",
            "Line 2: the quotation mark before 'Quill Bo,Reed' is not closed",
        ),
        ("first,last\nAda,\"Quill,x\nBo,\"Reed\"\n", "Line 2: the quotation mark before"),
    ] {
        let problem = Sheet::read(text).expect_err(reason);
        assert!(problem.detail.contains(reason), "{}", problem.detail);
        assert_eq!(problem.field, Some("rows"));
    }
    // A mark within a cell is a part of it.
    assert_eq!(added(&read(b"Name\nAda \"Bee\" Quill\n").review), ["Ada \"Bee\" Quill"]);
}
