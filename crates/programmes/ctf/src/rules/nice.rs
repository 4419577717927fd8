//! The work roles of the NICE framework by code.

use std::collections::BTreeMap;

/// The codes and names of the work roles of the NICE framework, version 1.0.0.
const ROLES: [(&str, &str); 41] = [
    ("DD-WRL-001", "Cybersecurity Architecture"),
    ("DD-WRL-002", "Enterprise Architecture"),
    ("DD-WRL-003", "Secure Software Development"),
    ("DD-WRL-004", "Secure Systems Development"),
    ("DD-WRL-005", "Software Security Assessment"),
    ("DD-WRL-006", "Systems Requirements Planning"),
    ("DD-WRL-007", "Systems Testing and Evaluation"),
    ("DD-WRL-008", "Technology Research and Development"),
    ("DD-WRL-009", "Operational Technology Cybersecurity Engineering"),
    ("IN-WRL-001", "Cybercrime Investigation"),
    ("IN-WRL-002", "Digital Evidence Analysis"),
    ("IO-WRL-001", "Data Analysis"),
    ("IO-WRL-002", "Database Administration"),
    ("IO-WRL-003", "Knowledge Management"),
    ("IO-WRL-004", "Network Operations"),
    ("IO-WRL-005", "Systems Administration"),
    ("IO-WRL-006", "Systems Security Analysis"),
    ("IO-WRL-007", "Technical Support"),
    ("OG-WRL-001", "Communications Security Management"),
    ("OG-WRL-002", "Cybersecurity Policy and Planning"),
    ("OG-WRL-003", "Cybersecurity Workforce Management"),
    ("OG-WRL-004", "Cybersecurity Curriculum Development"),
    ("OG-WRL-005", "Cybersecurity Instruction"),
    ("OG-WRL-006", "Cybersecurity Legal Advice"),
    ("OG-WRL-007", "Executive Cybersecurity Leadership"),
    ("OG-WRL-008", "Privacy Compliance"),
    ("OG-WRL-009", "Product Support Management"),
    ("OG-WRL-010", "Program Management"),
    ("OG-WRL-011", "Secure Project Management"),
    ("OG-WRL-012", "Security Control Assessment"),
    ("OG-WRL-013", "Systems Authorization"),
    ("OG-WRL-014", "Systems Security Management"),
    ("OG-WRL-015", "Technology Portfolio Management"),
    ("OG-WRL-016", "Technology Program Auditing"),
    ("PD-WRL-001", "Defensive Cybersecurity"),
    ("PD-WRL-002", "Digital Forensics"),
    ("PD-WRL-003", "Incident Response"),
    ("PD-WRL-004", "Infrastructure Support"),
    ("PD-WRL-005", "Insider Threat Analysis"),
    ("PD-WRL-006", "Threat Analysis"),
    ("PD-WRL-007", "Vulnerability Analysis"),
];

/// Returns the name of a work role; `None` for an unknown code, which pages show as it is.
#[must_use]
pub fn name(code: &str) -> Option<&'static str> {
    let found = ROLES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
    found.map(|(_, name)| *name)
}

/// Adds up the solves of each work role, the most first. `solved` are JSON arrays of codes, each with its number of solves.
/// Text that is no such array counts for no role.
#[must_use]
pub fn coverage<'a>(solved: impl IntoIterator<Item = (&'a str, i64)>) -> Vec<(String, i64)> {
    let mut roles = BTreeMap::<String, i64>::new();
    for (stored, solves) in solved {
        for code in codes(stored) {
            *roles.entry(code).or_default() += solves;
        }
    }
    let mut roles: Vec<_> = roles.into_iter().collect();
    roles.sort_by_key(|(_, solves)| std::cmp::Reverse(*solves));
    roles
}

/// Returns the codes of a stored JSON array.
#[must_use]
pub fn codes(stored: &str) -> Vec<String> {
    let codes: Vec<serde_json::Value> = serde_json::from_str(stored).unwrap_or_default();
    let code = |value: serde_json::Value| match value {
        serde_json::Value::String(code) => Some(code),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    codes.into_iter().filter_map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_added_up_and_unknown_codes_stay() {
        let solved =
            [(r#"["PD-WRL-002","X-1"]"#, 2), (r#"["PD-WRL-002", 511]"#, 3), ("{}", 9), ("", 9)];
        let found = coverage(solved);
        let wanted = [("PD-WRL-002", 5), ("511", 3), ("X-1", 2)];
        let found: Vec<_> = found.iter().map(|(code, solves)| (code.as_str(), *solves)).collect();
        assert_eq!(found, wanted);
        assert_eq!((name("pd-wrl-002"), name("X-1")), (Some("Digital Forensics"), None));
    }
}
