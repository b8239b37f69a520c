//! ReportedExperiment files, set so that they are easy to read.

use super::html::escape;

/// Comments, headings and names of a TOML file as spans; a line that is none of these stays as it is.
pub(super) fn marked(text: &str) -> String {
    let mut marked = String::new();
    for line in text.trim_end().lines() {
        let bare = line.trim_start();
        let name = bare.find('=').map(|at| line.len() - bare.len() + at);
        let span = |kind: &str, part: &str| format!("<span class=\"{kind}\">{}</span>", escape(part));
        let set = match name {
            _ if bare.starts_with('#') => span("comment", line),
            _ if bare.starts_with('[') => span("heading", line),
            Some(at) => format!("{}{}", span("name", &line[..at]), escape(&line[at..])),
            None => escape(line),
        };
        marked.push_str(&set);
        marked.push('\n');
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_marked_and_escaped() {
        let text = marked("# <b>\n[parameters]\n  a = \"<i>\"\n]\n");
        assert_eq!(
            text,
            "<span class=\"comment\"># &lt;b&gt;</span>\n<span class=\"heading\">[parameters]</span>\n\
             <span class=\"name\">  a </span>= &quot;&lt;i&gt;&quot;\n]\n"
        );
    }
}
