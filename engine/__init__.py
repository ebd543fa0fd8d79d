"""BPMN, DMN and FEEL. Knows nothing of assistance, of people or of HTTP."""
