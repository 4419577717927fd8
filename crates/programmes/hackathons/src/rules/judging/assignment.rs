//! The choice of the next project for a judge who asks for one.

use std::cmp::Reverse;

/// A judge's own past with a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastWithProject {
    /// They have not had it.
    New,
    /// They skipped it. They get it again after all others.
    Skipped,
    /// Its team had no time for them a few minutes ago.
    Busy,
    /// They did not find its team.
    Absent,
    /// They judged it.
    Judged,
    /// It is their own team's, or they declared a conflict of interest.
    Conflict,
}

/// A project as the choice for one judge sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectCandidate<P> {
    pub project: P,
    /// Its table or link; judges go from table to table.
    pub table: String,
    /// The number of finished looks.
    pub judged: i64,
    /// The number of judges who have it now.
    pub open: i64,
    /// True if one of them began so recently that they are still at its table.
    pub is_occupied: bool,
    /// The judge's own past with it.
    pub past: PastWithProject,
}

/// Says why no project is left for a judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoneLeft {
    /// There is no project to judge.
    NoProjects,
    /// The judge had all projects that they may judge.
    AllJudged,
    /// All projects that are left for the judge have enough looks.
    EnoughLooks,
    /// Each project that is left for the judge has another judge at its table, or its team has no time.
    Occupied,
}

impl NoneLeft {
    /// Returns the sentence for the judge.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::NoProjects => "There is no project for you to judge yet.",
            Self::AllJudged => {
                "You have had every project that you can judge. You can still change your scores."
            }
            Self::EnoughLooks => {
                "Every project that is left for you has enough scores. You can ask for an extra one."
            }
            Self::Occupied => {
                "Other judges are at every project that is left for you. Ask again in a few minutes."
            }
        }
    }
}

/// Chooses the next project of a judge: the one with the fewest looks, then in the order of tables. Skipped ones come last, and
/// a project with another judge at its table never comes.
///
/// `looks` is the number of looks that each project gets; `None` to go on when all have it.
///
/// # Errors
/// When no project is left. The value says why.
pub fn next_project<P: Copy + Ord>(
    candidates: &[ProjectCandidate<P>],
    looks: Option<i64>,
) -> Result<P, NoneLeft> {
    if candidates.is_empty() {
        return Err(NoneLeft::NoProjects);
    }
    let is_possible = |it: &&ProjectCandidate<P>| {
        matches!(it.past, PastWithProject::New | PastWithProject::Skipped | PastWithProject::Busy)
    };
    let possible: Vec<_> = candidates.iter().filter(is_possible).collect();
    if possible.is_empty() {
        return Err(NoneLeft::AllJudged);
    }
    let is_wanted = |it: &&ProjectCandidate<P>| looks.is_none_or(|looks| it.judged < looks);
    let wanted: Vec<_> = possible.into_iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        return Err(NoneLeft::EnoughLooks);
    }
    let is_free = |it: &&ProjectCandidate<P>| !it.is_occupied && it.past != PastWithProject::Busy;
    let free = wanted.into_iter().filter(is_free);
    let chosen = free.min_by_key(|it| {
        let is_new = it.past == PastWithProject::New;
        (Reverse(is_new), it.judged + it.open, number_of(&it.table), &it.table, it.project)
    });
    chosen.map(|it| it.project).ok_or(NoneLeft::Occupied)
}

/// Returns the first number in the name of a table, by which tables are in order: 9 is before 10.
fn number_of(table: &str) -> u64 {
    let digits = table.chars().skip_while(|it| !it.is_ascii_digit());
    let digits: String = digits.take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(project: u32, judged: i64) -> ProjectCandidate<u32> {
        ProjectCandidate {
            project,
            table: format!("Table {project}"),
            judged,
            open: 0,
            is_occupied: false,
            past: PastWithProject::New,
        }
    }

    #[test]
    fn the_least_seen_comes_first_then_tables_in_order() {
        let two = [candidate(10, 1), candidate(9, 1)];
        assert_eq!(next_project(&two, Some(3)), Ok(9));
        let mut open = two.clone();
        open[1].open = 1;
        assert_eq!(next_project(&open, Some(3)), Ok(10));
        let mut same = [candidate(2, 0), candidate(1, 0)];
        for it in &mut same {
            it.table = String::new();
        }
        assert_eq!(next_project(&same, Some(3)), Ok(1));
    }

    #[test]
    fn skipped_projects_come_last_and_conflicts_never() {
        let mut three = [candidate(1, 0), candidate(2, 2), candidate(3, 0)];
        three[0].past = PastWithProject::Skipped;
        three[2].past = PastWithProject::Conflict;
        assert_eq!(next_project(&three, Some(3)), Ok(2));
        three[1].past = PastWithProject::Judged;
        assert_eq!(next_project(&three, Some(3)), Ok(1));
        three[0].past = PastWithProject::Absent;
        assert_eq!(next_project(&three, Some(3)), Err(NoneLeft::AllJudged));
    }

    #[test]
    fn the_reason_is_named_when_no_project_is_left() {
        assert_eq!(next_project::<u32>(&[], None), Err(NoneLeft::NoProjects));
        let mut one = [candidate(1, 3)];
        assert_eq!(next_project(&one, Some(3)), Err(NoneLeft::EnoughLooks));
        assert_eq!(next_project(&one, None), Ok(1));
        one[0].is_occupied = true;
        assert_eq!(next_project(&one, None), Err(NoneLeft::Occupied));
        (one[0].is_occupied, one[0].past) = (false, PastWithProject::Busy);
        assert_eq!(next_project(&one, None), Err(NoneLeft::Occupied));
    }

    /// Judges who ask in turn, each for the team of one project, give every project its looks and never meet at a table.
    #[test]
    fn every_project_reaches_its_looks() {
        let (projects, judges, looks) = (40_u32, 9_usize, 3);
        let mut seen = vec![Vec::<u32>::new(); judges];
        let mut at_table: Vec<Option<u32>> = vec![None; judges];
        for turn in 0..judges * 40 {
            let judge = turn % judges;
            if let Some(project) = at_table[judge].take() {
                seen[judge].push(project);
            }
            let candidates: Vec<_> = (0..projects)
                .map(|project| {
                    let judged = seen.iter().filter(|it| it.contains(&project)).count();
                    let is_occupied = at_table.contains(&Some(project));
                    let mut candidate = candidate(project, i64::try_from(judged).expect("few"));
                    (candidate.is_occupied, candidate.open) = (is_occupied, i64::from(is_occupied));
                    candidate.past = if seen[judge].contains(&project) {
                        PastWithProject::Judged
                    } else if usize::try_from(project) == Ok(judge) {
                        PastWithProject::Conflict
                    } else {
                        PastWithProject::New
                    };
                    candidate
                })
                .collect();
            at_table[judge] = next_project(&candidates, Some(looks)).ok();
        }
        for project in 0..projects {
            let judged = seen.iter().filter(|it| it.contains(&project)).count();
            assert_eq!(i64::try_from(judged), Ok(looks), "{project}");
        }
        assert!(seen.iter().zip(0..).all(|(it, judge)| !it.contains(&judge)));
        let counts = seen.iter().map(Vec::len);
        assert!(counts.clone().max() <= counts.min().map(|it| it + 1));
    }
}
