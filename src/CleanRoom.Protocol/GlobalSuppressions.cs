using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("Naming", "CA1720", Justification = "Column types are named as in the formats.", Scope = "namespaceanddescendants", Target = "~N:CleanRoom.Protocol.Documents")]
[assembly: SuppressMessage("Naming", "CA1724", Justification = "Documents are named as in the specification.", Scope = "namespaceanddescendants", Target = "~N:CleanRoom.Protocol")]
