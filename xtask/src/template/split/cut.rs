//! The cut itself: each reference from one stack to another becomes a parameter, an output, or both.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Part, Stacks,
    graph::{self, Graph},
    reference::{self, Reference},
};

/// What a part calls itself where a name is made of the stack's.
const STACK_NAME: &str = "AWS::StackName";

/// Cuts a template: each resource goes to its part, or stays in the root.
pub(super) fn cut(whole: &Value, graph: &Graph<'_>, places: &[Option<Part>]) -> Stacks {
    let parts = places.iter().flatten().map(|part| (*part, Contents::default())).collect();
    let mut cut = Cut { whole, graph, places, parts };
    let mut root = whole.clone();
    root["Outputs"] = cut.outputs();
    let mut resources = cut.resources();
    let stacks: Vec<_> = cut.parts.keys().copied().collect();
    for part in &stacks {
        resources.insert(part.to_string(), cut.stack(*part));
    }
    root["Resources"] = resources.into();
    if root["Outputs"].as_object().is_some_and(Map::is_empty)
        && let Some(root) = root.as_object_mut()
    {
        root.remove("Outputs"); // an empty section is none that CloudFormation takes
    }
    let parts = stacks.into_iter().map(|part| (part.to_string(), cut.template(part))).collect();
    Stacks { root, parts }
}

struct Cut<'a> {
    whole: &'a Value,
    graph: &'a Graph<'a>,
    places: &'a [Option<Part>],
    parts: BTreeMap<Part, Contents>,
}

/// What comes together of a part.
#[derive(Default)]
struct Contents {
    resources: Map<String, Value>,
    /// Parameters, by name.
    imports: BTreeMap<String, Reference>,
    /// Outputs that others need, by what they are.
    exports: BTreeMap<Reference, String>,
    outputs: Map<String, Value>,
    depends_on: BTreeSet<String>,
}

impl Cut<'_> {
    /// Where a reference leads: to a part, to the root (`Some(None)`), or to nothing that either has.
    fn home(&self, id: &str) -> Option<Option<Part>> {
        if self.whole["Parameters"].get(id).is_some() {
            return Some(None);
        }
        self.graph.number(id).map(|number| self.places[number])
    }

    /// The reference that stands for another in a part, or in the root.
    fn replaced(&mut self, own: Option<Part>, reference: &Reference) -> Option<Reference> {
        if reference.id == STACK_NAME {
            return own.map(|own| Reference::to(&self.import(own, reference)));
        }
        let home = self.home(&reference.id)?;
        match (own, home) {
            _ if own == home => None,
            (Some(own), _) => Some(Reference::to(&self.import(own, reference))),
            (None, Some(home)) => Some(self.export(home, reference)),
            (None, None) => None,
        }
    }

    /// The parameter of a part.
    fn import(&mut self, part: Part, reference: &Reference) -> String {
        let resources = &self.whole["Resources"];
        let imports = &mut self.parts.entry(part).or_default().imports;
        let mut name = reference.name();
        loop {
            match imports.get(&name) {
                Some(known) if known == reference => return name,
                None if name == reference.id || resources.get(&name).is_none() => break,
                _ => name.push('X'), // another thing is called so
            }
        }
        imports.insert(name.clone(), reference.clone());
        name
    }

    /// The output of a part.
    fn export(&mut self, part: Part, reference: &Reference) -> Reference {
        let contents = self.parts.entry(part).or_default();
        let name = contents.exports.entry(reference.clone()).or_insert_with(|| {
            let mut name = reference.name();
            while contents.outputs.contains_key(&name) {
                name.push('X');
            }
            contents.outputs.insert(name.clone(), json!({"Value": reference.value()}));
            name
        });
        Reference::to_attribute(&part.to_string(), &format!("Outputs.{name}"))
    }

    /// The outputs of the root. One that is about a single part is that part's.
    fn outputs(&mut self) -> Value {
        let mut of_root = Map::new();
        let all = self.whole["Outputs"].as_object().into_iter().flatten();
        let mut others = Vec::new();
        for (name, output) in all {
            match self.only_part(output) {
                Some(part) => {
                    let contents = self.parts.entry(part).or_default();
                    contents.outputs.insert(name.clone(), output.clone());
                    contents.exports.extend(Reference::read(&output["Value"]).map(|it| (it, name.clone())));
                }
                None => others.push((name, output)),
            }
        }
        for (name, output) in others {
            let mut output = output.clone();
            reference::change(&mut output, &mut |it| self.replaced(None, it));
            of_root.insert(name.clone(), output);
        }
        of_root.into()
    }

    fn only_part(&self, output: &Value) -> Option<Part> {
        let mut homes = BTreeSet::new();
        reference::visit(output, &mut |it| {
            homes.extend(self.home(&it.id));
            homes.extend((it.id == STACK_NAME).then_some(None));
        });
        let only = homes.first().copied().flatten().filter(|_| homes.len() == 1);
        only.filter(|_| output.get("Condition").is_none() && !super::owner::is_bound(output))
    }

    /// Puts the resources into their parts, and returns those of the root.
    fn resources(&mut self) -> Map<String, Value> {
        let mut of_root = Map::new();
        for (number, id) in self.graph.ids.iter().enumerate() {
            let own = self.places[number];
            let mut resource = self.graph.resources[number].clone();
            reference::change(&mut resource, &mut |it| self.replaced(own, it));
            self.cut_dependencies(own, &mut resource);
            match own {
                Some(part) => self.parts.entry(part).or_default().resources.insert((*id).into(), resource),
                None => of_root.insert((*id).into(), resource),
            };
        }
        of_root
    }

    /// A resource cannot depend on one of another stack; the stacks can.
    fn cut_dependencies(&mut self, own: Option<Part>, resource: &mut Value) {
        if resource.get("DependsOn").is_none() {
            return;
        }
        let (mut inside, mut outside) = (BTreeSet::new(), BTreeSet::new());
        for id in graph::depends_on(resource) {
            match self.home(id).unwrap_or(own) {
                home if home == own => inside.insert(id.to_owned()),
                Some(home) => outside.insert(home.to_string()),
                None => outside.insert(id.to_owned()),
            };
        }
        match own {
            Some(part) => self.parts.entry(part).or_default().depends_on.extend(outside),
            None => inside.extend(outside),
        }
        resource["DependsOn"] = json!(inside);
        if let Some(resource) = resource.as_object_mut().filter(|_| inside.is_empty()) {
            resource.remove("DependsOn");
        }
    }

    /// The nested stack, as the root has it.
    fn stack(&mut self, part: Part) -> Value {
        self.cut_globals(part);
        let imports = self.parts.get(&part).map(|it| it.imports.clone()).unwrap_or_default();
        let parameters: Map<_, _> = imports.into_iter().map(|(name, it)| (name, self.argument(part, &it))).collect();
        let depends_on = self.parts.get(&part).map(|it| it.depends_on.clone()).unwrap_or_default();
        let mut stack = json!({
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": format!("template/{part}.yaml"), "Parameters": parameters},
        });
        if !depends_on.is_empty() {
            stack["DependsOn"] = json!(depends_on);
        }
        stack
    }

    /// What the root gives for a parameter.
    fn argument(&mut self, part: Part, reference: &Reference) -> Value {
        if reference.id == STACK_NAME {
            return json!({"Fn::Sub": format!("${{{STACK_NAME}}}-{part}")});
        }
        match self.home(&reference.id).flatten() {
            Some(home) => self.export(home, reference).value(),
            None => reference.value(),
        }
    }

    /// What the globals refer to is imported by each part that has functions.
    fn cut_globals(&mut self, part: Part) {
        let mut references = Vec::new();
        if self.is_of_sam(part) {
            reference::visit(&self.whole["Globals"]["Function"], &mut |it| references.push(it.clone()));
        }
        for reference in references {
            self.replaced(Some(part), &reference);
        }
    }

    fn is_of_sam(&self, part: Part) -> bool {
        let is_of_sam = |it: &Value| it["Type"].as_str().is_some_and(|kind| kind.starts_with("AWS::Serverless::"));
        self.parts.get(&part).is_some_and(|contents| contents.resources.values().any(is_of_sam))
    }

    /// The template of a part, when all that others need of it is known.
    fn template(&mut self, part: Part) -> Value {
        let mut template = Map::new();
        let about = self.whole["Description"].as_str().unwrap_or_default();
        template.insert("AWSTemplateFormatVersion".into(), self.whole["AWSTemplateFormatVersion"].clone());
        template.insert("Description".into(), format!("{part} of: {about}").into());
        if self.is_of_sam(part) {
            let mut globals = self.whole["Globals"]["Function"].clone();
            reference::change(&mut globals, &mut |it| self.replaced(Some(part), it));
            template.insert("Transform".into(), self.whole["Transform"].clone());
            template.insert("Globals".into(), json!({"Function": globals}));
        }
        let contents = self.parts.remove(&part).unwrap_or_default();
        let parameters: Map<_, _> =
            contents.imports.into_keys().map(|name| (name, json!({"Type": "String"}))).collect();
        for (section, entries) in
            [("Parameters", parameters), ("Resources", contents.resources), ("Outputs", contents.outputs)]
        {
            if !entries.is_empty() {
                template.insert(section.into(), entries.into());
            }
        }
        template.into()
    }
}
