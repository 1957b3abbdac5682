//===- MlcAttrs.td - Attributes of the dialect ---------------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCATTRS
#define MLC_DIALECT_MLC_IR_MLCATTRS

include "mlc/Dialect/Mlc/IR/MlcBase.td"

class Mlc_Attr<string name, string attrMnemonic> : AttrDef<Mlc_Dialect, name> {
  let mnemonic = attrMnemonic;
}

def Mlc_PackAttr : Mlc_Attr<"Pack", "pack"> {
  let summary = "How a weight is laid out in the artifact";
  let description = [{
    The recipe for a weight in panels. The source is transposed by `permutation`, its last axis, of size N, is
    cut into panels of `panel` columns, and the panels become the first axis:

        result[n / panel][...][n % panel] = transposed[...][n]

    Columns past N in the last panel are zero.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$permutation, "int64_t":$panel);
  let assemblyFormat = "`<` `permutation` `=` `[` $permutation `]` `,` `panel` `=` $panel `>`";
  let extraClassDeclaration = [{
    /// The type of `source` after packing, or null when the recipe does not fit it.
    ::mlir::RankedTensorType apply(::mlir::RankedTensorType source) const;
  }];
}

def Mlc_DimsAttr : Mlc_Attr<"Dims", "dims"> {
  let summary = "Names of the dims of an argument";
  let description = [{
    One expression per dim over the module's symbols, in canonical form: `#mlc.dims<"batch", "2048">`.
  }];
  let parameters = (ins OptionalArrayRefParameter<"::mlir::StringAttr">:$dims);
  let assemblyFormat = "`<` (`>`) : ($dims^ `>`)?";
}

def Mlc_SymbolAttr : Mlc_Attr<"Symbol", "symbol"> {
  let summary = "A dimension symbol with its contract";
  let description = [{
    The symbol stands for a size in [min, max] that is a multiple of `multiple`.
    `#mlc.symbol<"batch", min = 1, max = 64, multiple = 1>`
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "int64_t":$min, "int64_t":$max, "int64_t":$multiple);
  let assemblyFormat = "`<` $name `,` `min` `=` $min `,` `max` `=` $max `,` `multiple` `=` $multiple `>`";
}

def Mlc_SymbolsAttr : Mlc_Attr<"Symbols", "symbols"> {
  let summary = "The module's dimension symbols";
  let parameters = (ins OptionalArrayRefParameter<"::mlc::SymbolAttr">:$symbols);
  let assemblyFormat = "`<` (`>`) : ($symbols^ `>`)?";
}

def Mlc_ScheduleAttr : Mlc_Attr<"Schedule", "schedule"> {
  let summary = "How a kernel is tiled and vectorised";
  let description = [{
    Written by a target's policy, a tuning record or a person; obeyed by `kernel-tile-and-fuse` and
    `kernel-vectorize`. Sizes are per axis of the kernel's iteration space over its result; 0 leaves the axis
    whole.

    * `grid`: the part that one index of the kernel's grid computes.
    * `tile`: the part that is computed in registers at once. The last axis is in lanes.
    * `lanes`: the width of a vector, in elements.
  }];
  let parameters = (ins OptionalArrayRefParameter<"int64_t">:$grid, OptionalArrayRefParameter<"int64_t">:$tile, "int64_t":$lanes);
  let assemblyFormat = [{
    `<` `grid` `=` `[` (`]`) : ($grid^ `]`)? `,` `tile` `=` `[` (`]`) : ($tile^ `]`)? `,` `lanes` `=` $lanes `>`
  }];
}

def Mlc_ReduceKind : I32EnumAttr<"ReduceKind", "What a reduction combines with", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Product", 1, "product">,
    I32EnumAttrCase<"Min", 2, "min">, I32EnumAttrCase<"Max", 3, "max">,
    I32EnumAttrCase<"And", 4, "and">, I32EnumAttrCase<"Or", 5, "or">]> {
  let cppNamespace = "::mlc";
  let genSpecializedAttr = 0;
}
def Mlc_ReduceKindAttr : EnumAttr<Mlc_Dialect, Mlc_ReduceKind, "reduce_kind">;

def Mlc_BufferKind : I32EnumAttr<"BufferKind", "Where a value of the host program lies", [
    I32EnumAttrCase<"Arena", 0, "arena">, I32EnumAttrCase<"Output", 1, "output">]> {
  let cppNamespace = "::mlc";
  let genSpecializedAttr = 0;
}

def Mlc_BufferAttr : Mlc_Attr<"Buffer", "buffer"> {
  let summary = "Where the result of an op of the host program lies";
  let description = [{
    `#mlc.buffer<arena, 3>` is buffer 3 of the arena, `#mlc.buffer<output, 0>` the caller's first output. Values of
    one buffer are never needed at the same time.
  }];
  let parameters = (ins EnumParameter<Mlc_BufferKind>:$kind, "int64_t":$number);
  let assemblyFormat = "`<` $kind `,` $number `>`";
}

#endif // MLC_DIALECT_MLC_IR_MLCATTRS
