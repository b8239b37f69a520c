//! The nearest of known names to one that is none of them, for messages.

/// The known name that a misspelt one stands for: the one that the fewest changes of letters lead to, at most one and a quarter of its
/// letters (a swap of neighbours counts as one).
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let most = 1 + name.chars().count() / 4;
    let changes = |other: &str| strsim::damerau_levenshtein(&name, &other.to_lowercase());
    let near = known.into_iter().map(|other| (changes(other), other)).filter(|(changes, other)| {
        // a name of two letters is not the nearest of everything short
        *changes <= most && *changes < other.chars().count()
    });
    near.min_by_key(|(changes, _)| *changes).map(|(_, other)| other)
}
