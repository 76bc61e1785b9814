"""An account of AWS to deploy to: moto's server, taught what a deployment needs of CloudFormation and moto lacks.

What is AWS's own: the transform is that of SAM's translator, and what a change of a property does to a resource is said by
the schemas of CloudFormation's registry, which cfn-lint carries. What is written here: change sets with details, an
execution that takes until it is let go, events of resources, rollbacks, the rule of one index in each update, and HTTP APIs.
"""
