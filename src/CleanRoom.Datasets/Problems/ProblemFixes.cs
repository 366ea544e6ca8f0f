namespace CleanRoom.Datasets.Problems;

/// <summary>What the owner can do about a problem.</summary>
internal static class ProblemFixes
{
    /// <summary>Returns the smallest change that mends a problem, in lower case. A function of the kind alone: no value of the data is in it.</summary>
    public static string Of(ProblemKind kind) => kind switch
    {
        ProblemKind.NotUtf8 or ProblemKind.BadUtf8 => "save the file as utf-8",
        ProblemKind.HeaderMissing => "begin the file with a record of column names",
        ProblemKind.HeaderDuplicate => "give every column its own name",
        ProblemKind.HeaderBlank => "name every column, or remove the comma after the last one",
        ProblemKind.TooManyColumns => "leave out the columns that the contract does not name",
        ProblemKind.NoRows => "export the file again, with records",
        ProblemKind.FormatUnreadable => "export the file again; it is damaged or not csv or parquet",
        ProblemKind.FormatUnsupported => "write the file as csv, or as flat parquet with usual encodings",
        ProblemKind.ColumnMissing => "add the column under exactly this name, or amend the contract",
        ProblemKind.ColumnUnknown => "remove the column, or amend the contract",
        ProblemKind.ContractUnusable => "amend the contract",
        ProblemKind.TooManyDistinct => "split the dataset",
        ProblemKind.QuoteUnterminated => "close the quote that begins in this record",
        ProblemKind.CellTooLarge or ProblemKind.RowTooLarge => "shorten the text",
        ProblemKind.RaggedRow => "give the record one field for each column, and quote fields that hold commas",
        ProblemKind.QuoteMisplaced => "quote the whole field and double the quotes within",
        ProblemKind.NulCharacter => "remove the character",
        ProblemKind.BadLineEnd => "end records in lf or cr lf, and quote fields that hold cr",
        ProblemKind.WrongType => "write the value in the wanted form, or leave the field empty where null is allowed",
        ProblemKind.OutsideTypeRange => "correct the value, or amend the contract to a wider type",
        ProblemKind.NullNotAllowed => "fill in the value or leave out the record, or amend the contract to a nullable column",
        ProblemKind.OutsideClamp => "correct the value or leave out the record, or amend the contract's clamp",
        ProblemKind.OutsideDomain => "correct the value or leave out the record, or amend the contract's domain",
        ProblemKind.DuplicateValue => "leave out the record, or amend the contract to a column that is not unique",
        ProblemKind.NotNormalised => "correct the identifier, or leave the field empty where null is allowed",
        ProblemKind.SentinelIdentifier => "leave the field empty where the identifier is not known",
        ProblemKind.TooManyRowsPerUnit => "leave out records of this unit, or amend the contract's cap of rows for one unit",
        _ => "ask whoever runs the room",
    };
}
