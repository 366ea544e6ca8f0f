namespace CleanRoom.Datasets.Check;

/// <summary>What a record is, as far as it can be judged by itself.</summary>
[Flags]
internal enum RowFindings
{
    None = 0,

    /// <summary>It has no problem.</summary>
    IsGood = 1,

    /// <summary>It has a unit that is somebody.</summary>
    HasUnit = 2,

    /// <summary>Its unit is NULL.</summary>
    HasNullUnit = 4,

    /// <summary>Its unit stands for nobody.</summary>
    HasNobody = 8,
}
